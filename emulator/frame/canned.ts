import type { WireReply } from "./exchange";

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

/** What a rate limiter says (ZStack 4.2; other clouds give their own body). */
export const RATE_LIMIT_TEXT = "Rate limit exceeded";

/** The page that a servlet container or a proxy sends for a status when no application answered. */
export function htmlPage(status: number): WireReply {
  const title = `${String(status)} ${REASONS[status] ?? "Error"}`;
  const maker = status === 502 || status === 503 || status === 504 ? "<hr><center>proxy</center>" : "";
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!doctype html><html><head><title>${title}</title></head><body><center><h1>${title}</h1></center>${maker}</body></html>\n`,
  };
}

/** The body that goes with a status when a fault gives none. */
export function cannedReply(status: number): WireReply {
  return status === 429 ? { status, body: RATE_LIMIT_TEXT } : htmlPage(status);
}
