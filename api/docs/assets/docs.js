"use strict";

SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  validatorUrl: null, // asks nobody else whether the document is valid
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  deepLinking: true,
  filter: true,
  showExtensions: false,
  onComplete: () => {
    document.body.dataset.ready = "yes";
  },
});
