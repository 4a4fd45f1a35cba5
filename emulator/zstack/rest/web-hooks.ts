import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Context } from "./context";
import { jobReply, type JobEnd } from "./jobs";
import { parsedUrl } from "../../frame/url";

/** Tries before a web hook is given up (section 3.2). */
const MAX_TRIES = 15;

/** Work takes some milliseconds (section 3.2). The vendor's client misses a post that comes before it reads the 202. */
const WORK_MS = 50;

/** What is posted where. */
interface News {
  readonly url: string;
  readonly jobId: string;
  readonly success: string;
  readonly body: string;
}

/** Posts the end of a job to the address that the caller named in `X-Web-Hook` (section 3.2). */
export class WebHooks {
  private readonly context: Context;
  private cancelled = new AbortController();

  constructor(context: Context) {
    this.context = context;
  }

  /** Posts in the background; without an address nothing happens. `withSchema`: the call asked for one (12.6). */
  announce(url: string | undefined, jobId: string, end: JobEnd, withSchema: boolean): void {
    if (url === undefined || !/^https?:\/\//.test(url) || parsedUrl(url) === undefined) {
      return;
    }
    const signal = this.cancelled.signal;
    const success = String(end.status === 200);
    const { body } = jobReply(end, withSchema);
    void this.tell({ url, jobId, success, body }, signal);
  }

  /** Gives up all posts that are still to come. */
  cancel(): void {
    this.cancelled.abort();
    this.cancelled = new AbortController();
  }

  private async tell(news: News, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES && !signal.aborted; tries += 1) {
      await pause(tries === 0 ? WORK_MS : this.context.switches.webHookRetryMs, signal);
      if (signal.aborted || (await post(news, signal))) {
        return;
      }
    }
  }
}

function post({ url, jobId, success, body }: News, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const open = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = open(url, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "x-job-uuid": jobId,
        "x-job-success": success,
      },
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
    request.end(body);
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
