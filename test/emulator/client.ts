import { createHash } from "node:crypto";
import type { Emulator } from "../../emulator";

/** An answer, with its JSON if it is one. */
export interface Answer {
  status: number;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers of every shape
  json: any;
  headers: Headers;
}

export interface Options {
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
  /** `Authorization: OAuth …`; "login" logs in first, which is the default; `null` sends none. */
  session?: string | null;
}

/** The plainest client there can be: says exactly what a test tells it to say. */
export class TestClient {
  readonly emulator: Emulator;
  private session: string | undefined;

  constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  async login(): Promise<string> {
    const answer = await this.send("PUT", "/accounts/login", {
      session: null,
      body: {
        logInByAccount: {
          accountName: this.emulator.zstack.accountName,
          password: sha512(this.emulator.zstack.accountPassword),
        },
      },
    });
    if (answer.status !== 200) {
      throw new Error(`login: ${String(answer.status)} ${answer.text}`);
    }
    return answer.json.inventory.uuid as string;
  }

  /** One request below /zstack/v1. */
  async send(method: string, path: string, options: Options = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...options.headers };
    if (options.session !== null && headers.Authorization === undefined) {
      this.session ??= options.session ?? (await this.login());
      headers.Authorization = `OAuth ${options.session ?? this.session}`;
    }
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(`${this.emulator.url}/zstack/v1${path}`, {
      method,
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, text, json: parse(text), headers: response.headers };
  }

  /** Polls the job of a 202 until it is done. */
  async settle(accepted: Answer, headers: Record<string, string> = {}): Promise<Answer> {
    if (accepted.status !== 202) {
      return accepted;
    }
    const id = String(accepted.json.location).split("/").pop() ?? "";
    for (let polls = 0; polls < 20; polls += 1) {
      const answer = await this.send("GET", `/api-jobs/${id}`, { session: null, headers });
      if (answer.status !== 202) {
        return answer;
      }
    }
    throw new Error("the job does not end");
  }

  /** Sends and settles. */
  async call(method: string, path: string, options: Options = {}): Promise<Answer> {
    return this.settle(await this.send(method, path, options), options.headers);
  }

  /** A POST with `params`. */
  async post(path: string, params: Record<string, unknown>, options: Options = {}): Promise<Answer> {
    return this.call("POST", path, { ...options, body: { params, ...(options.body as object | undefined) } });
  }

  /** A PUT with a named action. */
  async act(
    path: string,
    action: string,
    fields: Record<string, unknown>,
    options: Options = {},
  ): Promise<Answer> {
    return this.call("PUT", path, { ...options, body: { [action]: fields } });
  }

  get(path: string, options: Options = {}): Promise<Answer> {
    return this.send("GET", path, options);
  }

  delete(path: string, options: Options = {}): Promise<Answer> {
    return this.call("DELETE", path, options);
  }
}

/** The code of an error, or `undefined`. */
export function codeOf(answer: Answer): string | undefined {
  return answer.json?.error?.code as string | undefined;
}

export const ENDPOINTS = "/sns/application-endpoints";
export const DINGTALK = `${ENDPOINTS}/ding-talk`;
export const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=abc";

export function sha512(text: string): string {
  return createHash("sha512").update(text).digest("hex");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
