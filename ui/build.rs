//! Compiles the screens. Debug information stays on: tests find elements by their accessible labels with it.

fn main() {
    let configuration = slint_build::CompilerConfiguration::new()
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles)
        .with_bundled_translations("lang")
        .with_default_translation_context(slint_build::DefaultTranslationContext::None)
        .with_debug_info(true);
    if let Err(error) = slint_build::compile_with_config("slint/touch.slint", configuration) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
