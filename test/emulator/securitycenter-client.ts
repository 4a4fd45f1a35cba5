import { createHash, createHmac, randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { Emulator } from "../../emulator";

/** An answer, with its JSON if it is one. */
export interface Answer {
  status: number;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers of every shape
  json: any;
  headers: IncomingHttpHeaders;
}

/** Where parameters travel, and how they are signed. */
export type Style = "V3 query" | "V3 form" | "V3 get" | "V1 get" | "V1 query" | "V1 form" | "V1 mixed";
export const STYLES: readonly Style[] = [
  "V3 query",
  "V3 form",
  "V3 get",
  "V1 get",
  "V1 query",
  "V1 form",
  "V1 mixed",
];

export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}

export interface Options {
  style?: Style;
  credentials?: Credentials;
  /** Changes the headers (V3) or the common parameters (V1) before signing; `undefined` takes one away. */
  signed?: Record<string, string | undefined>;
  /** Changes headers after signing; `undefined` takes one away. */
  headers?: Record<string, string | undefined>;
  /** Changes the finished request target. */
  target?: (target: string) => string;
  /** Changes the finished body. */
  body?: (body: string) => string;
  method?: string;
  nonce?: string;
  version?: string;
}

export const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef";
export const TYPE = "sas_analysis_online-sas-operation-log-sas-event-";
export const RULES = [
  {
    type: `${TYPE}suspicious`,
    configItemList: [
      { key: "item_level", valueList: ["serious", "suspicious"] },
      { key: "event_type", valueList: ["Webshell"] },
    ],
  },
  { type: `${TYPE}hc`, configItemList: [{ key: "item_level", valueList: ["high"] }] },
];

/** The plainest client there can be, with signers of its own: says exactly what a test tells it to say. */
export class SecurityCenterClient {
  readonly emulator: Emulator;
  readonly site: "china" | "international";

  constructor(emulator: Emulator, site: "china" | "international" = "china") {
    this.emulator = emulator;
    this.site = site;
  }

  /** One call; V3 with everything in the query unless told otherwise. */
  call(action: string, parameters: Record<string, string> = {}, options: Options = {}): Promise<Answer> {
    const { securitycenter, clock } = this.emulator;
    const url = new URL(securitycenter[this.site].url);
    const credentials = options.credentials ?? securitycenter;
    const date = new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, "Z");
    const nonce = options.nonce ?? randomBytes(16).toString("hex");
    const version = options.version ?? "2018-12-03";
    const call = { action, version, parameters, credentials, date, nonce, host: url.host, options };
    return send(url, (options.style ?? "V3 query").startsWith("V3") ? signV3(call) : signV1(call), options);
  }

  /** Creates or overwrites a robot with sensible values. */
  put(more: Record<string, string> = {}, options: Options = {}): Promise<Answer> {
    return this.call(
      "CreateOrUpdateDingTalk",
      { RuleActionName: "prod alerts", SendUrl: WEBHOOK, ...more },
      options,
    );
  }

  /** One page of robots. */
  async list(parameters: Record<string, string> = {}): Promise<Answer["json"]> {
    const answer = await this.call("DescribeDingTalk", parameters);
    if (answer.status !== 200) {
      throw new Error(answer.text);
    }
    return answer.json;
  }

  /** The only robot of the list. */
  async only(): Promise<Answer["json"]> {
    const { ActionList } = await this.list();
    if (ActionList.length !== 1) {
      throw new Error(`${String(ActionList.length)} robots`);
    }
    return ActionList[0];
  }
}

interface Call {
  action: string;
  version: string;
  parameters: Record<string, string>;
  credentials: Credentials;
  date: string;
  nonce: string;
  host: string;
  options: Options;
}

interface Signed {
  method: string;
  query: string;
  headers: Record<string, string>;
  body: string;
}

function signV3({ action, version, parameters, credentials, date, nonce, host, options }: Call): Signed {
  const style = options.style ?? "V3 query";
  const method = options.method ?? (style === "V3 get" ? "GET" : "POST");
  const query = style === "V3 form" ? "" : join(parameters);
  const body = style === "V3 form" ? join(parameters) : "";
  const headers = defined({
    host,
    "x-acs-action": action,
    "x-acs-version": version,
    "x-acs-date": date,
    "x-acs-signature-nonce": nonce,
    "x-acs-content-sha256": createHash("sha256").update(body).digest("hex"),
    ...(credentials.securityToken === undefined
      ? {}
      : { "x-acs-accesskey-id": credentials.accessKeyId, "x-acs-security-token": credentials.securityToken }),
    ...(body === "" ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    ...options.signed,
  });
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    "/",
    query,
    names.map((name) => `${name}:${headers[name] ?? ""}\n`).join(""),
    names.join(";"),
    headers["x-acs-content-sha256"] ?? "",
  ].join("\n");
  const stringToSign = `ACS3-HMAC-SHA256\n${createHash("sha256").update(canonical).digest("hex")}`;
  const signature = createHmac("sha256", credentials.accessKeySecret).update(stringToSign).digest("hex");
  const Authorization = `ACS3-HMAC-SHA256 Credential=${credentials.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { method, query, headers: { ...headers, accept: "application/json", Authorization }, body };
}

function signV1({ action, version, parameters, credentials, date, nonce, host, options }: Call): Signed {
  const { style } = options;
  const method = options.method ?? (style === "V1 get" ? "GET" : "POST");
  const common = defined({
    Action: action,
    Version: version,
    Format: "JSON",
    AccessKeyId: credentials.accessKeyId,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    SignatureNonce: nonce,
    Timestamp: date,
    ...(credentials.securityToken === undefined ? {} : { SecurityToken: credentials.securityToken }),
    ...options.signed,
  });
  const stringToSign = `${method}&%2F&${encode(join({ ...common, ...parameters }))}`;
  const Signature = createHmac("sha1", `${credentials.accessKeySecret}&`)
    .update(stringToSign)
    .digest("base64");
  const inQuery = style === "V1 mixed" ? { ...common, Signature } : { ...common, ...parameters, Signature };
  const inBody = style === "V1 mixed" ? parameters : style === "V1 form" ? inQuery : undefined;
  return {
    method,
    query: style === "V1 form" ? "" : join(inQuery),
    // V1 clients name the action in headers too (16.3).
    headers: {
      host,
      "x-acs-action": action,
      "x-acs-version": version,
      ...(inBody === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    },
    body: inBody === undefined ? "" : join(inBody),
  };
}

function send(url: URL, signed: Signed, options: Options): Promise<Answer> {
  const target = `/${signed.query === "" ? "" : "?"}${signed.query}`;
  const body = options.body?.(signed.body) ?? signed.body;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        method: signed.method,
        path: options.target?.(target) ?? target,
        agent: false,
        headers: {
          ...defined({ ...signed.headers, ...options.headers }),
          "content-length": Buffer.byteLength(body),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: incoming.statusCode ?? 0, text, json: parse(text), headers: incoming.headers });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** RFC 3986, written another way than the emulator's. */
export function encode(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9\-_.~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

function join(parameters: Record<string, string>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
    .join("&");
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
