// The page of the API's documents: Swagger UI, in the theme of the system. A key that is typed in stays in
// this page's memory and is gone with it.

const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

const nothing = () => () => null;

// What a screen reader misses in its markup: a heading between the title and the tags, a name for the
// choice of an example. And there is one server only: nothing to choose.
function forEverybody({ React: { createElement, Fragment } }) {
  const withHeading = (Original) => (props) => {
    const heading = createElement("h2", { className: "operations-title" }, "Operations");
    return createElement(Fragment, null, heading, createElement(Original, props));
  };
  const inLabel = (Original) => (props) => createElement("label", null, createElement(Original, props));
  return {
    wrapComponents: { operations: withHeading, ExamplesSelect: inLabel, ServersContainer: nothing },
  };
}

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
