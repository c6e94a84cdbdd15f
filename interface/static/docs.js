// Opens the API description in Swagger UI, with nothing from any other host.
window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: "/schema/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    validatorUrl: null,
    // A token in the browser's storage would outlive the page.
    persistAuthorization: false,
    tryItOutEnabled: true,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
