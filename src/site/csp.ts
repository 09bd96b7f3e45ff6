// The Content-Security-Policy that every page carries in a `<meta>`, so that it holds on any static host.

const pagePolicy: Record<string, string[]> = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:", "blob:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "frame-src": ["'self'"],
  "worker-src": ["'self'"],
  "manifest-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
};

/**
 * The policy as the text of the meta element. In development the page also talks to Vite's web socket;
 * nothing else is loosened.
 */
export function contentSecurityPolicy(mode: "build" | "serve"): string {
  return Object.entries(pagePolicy)
    .map(([directive, sources]) => {
      const allowed = mode === "serve" && directive === "connect-src" ? [...sources, "ws:", "wss:"] : sources;
      return `${directive} ${allowed.join(" ")}`;
    })
    .join("; ");
}
