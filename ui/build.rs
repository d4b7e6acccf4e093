//! Compiles the screens. Debug information stays on: tests and stories find buttons by their accessible labels with it.

use slint_build::{
    CompileError, CompilerConfiguration, DefaultTranslationContext, EmbedResourcesKind,
};

fn main() -> Result<(), CompileError> {
    let configuration = CompilerConfiguration::new()
        .embed_resources(EmbedResourcesKind::EmbedFiles)
        .with_bundled_translations("lang")
        .with_default_translation_context(DefaultTranslationContext::None)
        .with_debug_info(true);
    slint_build::compile_with_config("slint/windows.slint", configuration)
}
