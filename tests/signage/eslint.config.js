// The staff page runs in browsers of today. For the signage, everything the display's browser, Chrome 86, does not know is an error: syntax by ecmaVersion, methods by es-x, platform calls by compat.
import js from "@eslint/js";
import compat from "eslint-plugin-compat";
import esX from "eslint-plugin-es-x";
import globals from "globals";

const STAFF = ["kiosk/service/assets/staff/**/*.js"];
const PAGE = ["kiosk/service/assets/signage/**/*.js", "tests/signage/page-checks.js"];

// The methods that iterators learnt are those arrays always had; the page calls them on arrays only.
const ITERATOR_METHODS = Object.fromEntries(
  ["every", "filter", "find", "flatmap", "foreach", "map", "reduce", "some", "toarray"].map((name) => [
    `es-x/no-iterator-prototype-${name}`,
    "off",
  ]),
);

const COMMON = {
  "no-irregular-whitespace": ["error", { skipStrings: true, skipTemplates: true }],
  "no-eval": "error",
  "no-implied-eval": "error",
  eqeqeq: "error",
  "prefer-const": "error",
};

const NO_MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
  property,
  message: "What the service sends is text, never markup: use textContent or append.",
}));

export default [
  { ignores: ["**/node_modules/**"] },
  js.configs.recommended,
  {
    files: PAGE,
    ...compat.configs["flat/recommended"],
  },
  {
    files: PAGE,
    plugins: { "es-x": esX },
    languageOptions: { ecmaVersion: 2020, sourceType: "script", globals: globals.browser },
    settings: { browsers: ["chrome 86"], "es-x": { aggressive: true } },
    rules: {
      ...esX.configs["flat/no-new-in-esnext"].rules,
      ...esX.configs["flat/no-new-in-es2025"].rules,
      ...esX.configs["flat/no-new-in-es2024"].rules,
      ...esX.configs["flat/no-new-in-es2023"].rules,
      ...esX.configs["flat/no-new-in-es2022"].rules,
      ...ITERATOR_METHODS,
      ...COMMON,
      "no-restricted-properties": [
        "error",
        ...["timeout", "any"].map((property) => ({ object: "AbortSignal", property, message: "Chrome 86 does not have it." })),
        ...NO_MARKUP,
      ],
    },
  },
  {
    files: STAFF,
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: { ...COMMON, "no-restricted-properties": ["error", ...NO_MARKUP], "no-unused-vars": "error" },
  },
  {
    files: ["kiosk/service/assets/signage/**/*.js"],
    languageOptions: { sourceType: "module" },
  },
  {
    files: ["tests/signage/*.config.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
  },
];
