// The staff page runs in browsers of today.
export default {
  extends: "stylelint-config-recommended",
  rules: {
    // Parts follow the order of the page, not that of specificity.
    "no-descending-specificity": null,
  },
};
