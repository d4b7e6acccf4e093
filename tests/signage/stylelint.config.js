// caniuse data knows most of what Chrome 86 lacks; the lists below name what it has no entry for.
export default {
  extends: "stylelint-config-recommended",
  plugins: ["stylelint-no-unsupported-browser-features"],
  rules: {
    // Bands follow the order of the screen, not that of specificity.
    "no-descending-specificity": null,
    "plugin/no-unsupported-browser-features": [
      true,
      {
        browsers: ["chrome 86"],
        severity: "error",
        // Partial only for `overflow: clip`, which is forbidden below.
        ignore: ["css-overflow"],
      },
    ],
    "declaration-property-value-disallowed-list": {
      "/^overflow/": ["clip"],
      "/./": ["/color-mix\\(/", "/light-dark\\(/"],
      "word-break": ["auto-phrase"],
    },
    "property-disallowed-list": ["aspect-ratio", "translate", "rotate", "scale", "text-wrap"],
  },
};
