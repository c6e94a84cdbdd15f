// Opens the API description in Swagger UI, with nothing from any other host.

// The example's key would give every try the first try's answer, or be refused with
// another body. A key of one's own stays, so that a retry can be tried too.
const EXAMPLE_KEY = "8c5f0a4e-5c0b-4f0c-9d52-0d6d0f7f6f11";

function freshKey(request) {
  if (request.headers["Idempotency-Key"] === EXAMPLE_KEY) {
    // randomUUID is not there on pages without TLS.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    request.headers["Idempotency-Key"] = Array.from(bytes, (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
  }
  return request;
}

window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: "/schema/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    validatorUrl: null,
    // A token in the browser's storage would outlive the page.
    persistAuthorization: false,
    tryItOutEnabled: true,
    requestInterceptor: freshKey,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
