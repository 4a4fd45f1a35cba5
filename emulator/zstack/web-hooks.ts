import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Context } from "./context";
import type { JobEnd } from "./entities";
import { escapedJson } from "./wire";

/** Tries before a web hook is given up (section 3.2). */
const MAX_TRIES = 15;

/** Posts the end of a job to the address that the caller named in `X-Web-Hook` (section 3.2). */
export class WebHooks {
  readonly #context: Context;
  #cancelled = new AbortController();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Posts in the background; without an address nothing happens. */
  announce(url: string | undefined, jobId: string, end: JobEnd): void {
    if (url === undefined || !/^https?:\/\//.test(url)) return;
    const signal = this.#cancelled.signal;
    void this.#tell(url, jobId, end, signal);
  }

  /** Gives up all posts that are still to come. */
  cancel(): void {
    this.#cancelled.abort();
    this.#cancelled = new AbortController();
  }

  async #tell(url: string, jobId: string, end: JobEnd, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES && !signal.aborted; tries += 1) {
      if (tries > 0) await pause(this.#context.switches.webHookRetryMs, signal);
      if (signal.aborted || (await post(url, jobId, end, signal))) return;
    }
  }
}

function post(url: string, jobId: string, end: JobEnd, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const open = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = open(url, {
      method: "POST",
      headers: { "x-job-uuid": jobId, "x-job-success": String(end.status === 200) },
      signal,
    });
    request.on("response", (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300);
    });
    // No answer is a failed try like any other.
    request.on("error", () => {
      resolve(false);
    });
    request.end(escapedJson(end.body));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
