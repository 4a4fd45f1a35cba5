import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";

/** What a message needs to know of an endpoint (section 5.9). */
export interface RobotTarget {
  readonly url: string;
  readonly secret: string | undefined;
  readonly atAll: boolean;
  readonly phoneNumbers: readonly string[];
}

/** What came back. */
export interface RobotAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Time for one try. The loopback interface answers at once or never. */
const TRY_TIMEOUT_MS = 2000;

/** The address with the signature that DingTalk asks for, if there is a secret (section 5.9). */
export function signedUrl({ url, secret }: RobotTarget, nowMs: number): string {
  if (secret === undefined || secret === "") return url;
  const sign = createHmac("sha256", secret)
    .update(`${String(nowMs)}\n${secret}`)
    .digest("base64");
  return `${url}&timestamp=${String(nowMs)}&sign=${encodeURIComponent(sign)}`;
}

/** The body of a message (section 5.9): phone numbers go out as they are stored. */
export function robotMessage(target: RobotTarget, title: string, text: string): Record<string, unknown> {
  return {
    markdown: { title, text },
    msgtype: "markdown",
    at: { isAtAll: target.atAll, atMobiles: target.phoneNumbers },
  };
}

/** True for an address that the emulator may post to: plain HTTP on the loopback interface. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Posts a message; `undefined` when nobody answers. */
export function postMessage(url: string, message: unknown): Promise<RobotAnswer | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest(url, {
      method: "POST",
      headers: { "content-type": "application/json;charset=utf-8" },
      timeout: TRY_TIMEOUT_MS,
    });
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: parse(text) });
      });
    });
    request.on("timeout", () => request.destroy());
    // Nobody there is an answer of its own.
    request.on("error", () => {
      resolve(undefined);
    });
    request.end(JSON.stringify(message));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // UNVERIFIED: what the server makes of an answer that is no JSON.
    return text;
  }
}
