// The page of the API's documents: Swagger UI, in the theme of the system. A key that is typed in stays in
// this page's memory and is gone with it.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", paint);
  paint();

  // What a screen reader misses in its markup: a heading between the title and the tags, a name for the
  // choice of an example. And there is one server only: nothing to choose.
  const forEverybody = ({ React }) => ({
    wrapComponents: {
      operations: (Original) => (props) =>
        React.createElement(React.Fragment, null,
          React.createElement("h2", { className: "operations-title" }, "Operations"),
          React.createElement(Original, props)),
      ExamplesSelect: (Original) => (props) =>
        React.createElement("label", null, React.createElement(Original, props)),
      ServersContainer: () => () => null,
    },
  });

  SwaggerUIBundle({
    url: document.getElementById("swagger-ui").dataset.document,
    dom_id: "#swagger-ui",
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [forEverybody],
    layout: "BaseLayout",
    deepLinking: false, // it would put links into buttons
    defaultModelsExpandDepth: 0,
    defaultModelExpandDepth: 2,
    docExpansion: "list",
    persistAuthorization: false,
    validatorUrl: null,
  });
})();
