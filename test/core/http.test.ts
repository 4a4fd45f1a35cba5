import dns from "node:dns";
import { defaultMaxListeners, EventEmitter } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { ConfigError, InputError, NetworkError, ReplyShapeError } from "../../provider/core/errors";
import {
  createHttpClient,
  MAX_ANSWER_BYTES,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type HttpSettings,
} from "../../provider/core/transport/http";
import {
  createAuthority,
  createSelfSigned,
  expired,
  notYetValid,
  type ServerIdentity,
} from "../support/certificates";
import { startForwardProxy, type ForwardProxy, type ForwardProxyOptions } from "../support/forward-proxy";
import { closedPort, startHttpServer, startRawServer, type LocalServer } from "../support/local-server";

const { version } = jest.requireActual<{ version: string }>("../../package.json");

const authority = createAuthority();
const trusted = authority.issue(["localhost", "127.0.0.1"]);
const folder = mkdtempSync(join(tmpdir(), "http-test-"));
const caFile = file("ca.pem", authority.cert);

/** What a test opened, closed after it in reverse order. */
let opened: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  for (const close of opened.reverse()) {
    await close();
  }
  opened = [];
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function client(settings: Partial<HttpSettings> = {}, environment: Record<string, string> = {}): HttpClient {
  const made = createHttpClient({ requestTimeoutMs: 30_000, ...settings }, environment);
  opened.push(() => made.close());
  return made;
}

async function service(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void = (
    _request,
    response,
  ) => {
    response.end("hello");
  },
  identity?: ServerIdentity,
): Promise<LocalServer & { url: string }> {
  const server = await startHttpServer(handle, identity);
  opened.push(() => server.close());
  return server;
}

async function rawService(
  handle: Parameters<typeof startRawServer>[0],
): Promise<LocalServer & { url: string }> {
  const server = await startRawServer(handle);
  opened.push(() => server.close());
  return { ...server, url: `http://localhost:${server.port}` };
}

async function proxy(options?: ForwardProxyOptions): Promise<ForwardProxy> {
  const server = await startForwardProxy(options);
  opened.push(() => server.close());
  return server;
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, ...more };
}

async function failureOf(sending: Promise<HttpResponse>): Promise<NetworkError> {
  const error: unknown = await sending.then(
    () => new Error("the request succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof NetworkError)) {
    throw error;
  }
  return error;
}

/** Makes `setTimeout` wait for `jest.advanceTimersByTime`; everything sockets need stays real. */
function stopTheClock(): void {
  jest.useFakeTimers({
    doNotFake: [
      "Date",
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
    ],
  });
}

/** A promise and the function that fulfils it. */
function signal<Value = void>(): { fired: Promise<Value>; fire: (value: Value) => void } {
  let fire: (value: Value) => void = () => undefined;
  const fired = new Promise<Value>((resolve) => (fire = resolve));
  return { fired, fire };
}

describe("what is sent", () => {
  async function sent(
    request: Partial<HttpRequest>,
  ): Promise<{ url: string; headers: string[]; body: string }> {
    const server = await service((received, response, body) => {
      response.end(JSON.stringify({ url: received.url, headers: received.rawHeaders, body }));
    });
    const answer = await client().send(
      get(server.url, { ...request, url: server.url + (request.url ?? "/") }),
    );
    return JSON.parse(answer.text) as { url: string; headers: string[]; body: string };
  }

  test.each([
    ["/?Name=a%20b&Url=https%3A%2F%2Fx%3Fy%3D1", "percent-encoding"],
    ["/?q=it's&r=(a)*!~&s=[]{}|\\^`\"<>", "characters that a URL parser escapes"],
    ["/a/../b/./%2e%2e/c", "dot segments"],
    ["//double//slashes", "double slashes"],
    ["/%zz?%", "broken percent-encoding"],
  ])("the target %s arrives byte for byte (%s)", async (target) => {
    expect((await sent({ url: target })).url).toBe(target);
  });

  test.each([
    ["", "/"],
    ["?a=1", "/?a=1"],
  ])("the target of a URL ending in %j is %s", async (given, expected) => {
    expect((await sent({ url: given })).url).toBe(expected);
  });

  test.each<[string, Partial<HttpRequest>, Record<string, string>]>([
    ["GET", { method: "GET" }, {}],
    ["POST without a body", { method: "POST" }, { "Content-Length": "0" }],
    ["POST with a body", { method: "POST", body: "{}" }, { "Content-Length": "2" }],
    ["PUT with a body", { method: "PUT", body: "é" }, { "Content-Length": "2" }],
    ["DELETE without a body", { method: "DELETE" }, {}],
    ["DELETE with a body", { method: "DELETE", body: "{}" }, { "Content-Length": "2" }],
  ])("%s carries no header beyond what HTTP needs", async (_title, request, more) => {
    const received = await sent(request);
    const headers = Object.fromEntries(pairs(received.headers));
    expect(headers).toEqual({
      "user-agent": `pulumi-dingtalk/${version}`,
      "accept-encoding": "gzip",
      Host: expect.stringMatching(/^localhost:\d+$/) as string,
      Connection: "keep-alive",
      ...more,
    });
    expect(received.body).toBe(request.body ?? "");
  });

  test("given headers replace the defaults", async () => {
    const { headers } = await sent({
      method: "POST",
      body: "x",
      headers: {
        "User-Agent": "mine",
        "Content-Type": "application/json; charset=utf-8",
        Accept: "application/json",
        Authorization: "OAuth 0123",
        Host: "sas.example.com",
      },
    });
    expect(Object.fromEntries(pairs(headers))).toEqual({
      "user-agent": "mine",
      "content-type": "application/json; charset=utf-8",
      accept: "application/json",
      authorization: "OAuth 0123",
      host: "sas.example.com",
      "accept-encoding": "gzip",
      "Content-Length": "1",
      Connection: "keep-alive",
    });
  });

  test.each([
    ["a header with a line break", { headers: { authorization: "ACS3 a\nb" } }, "header authorization"],
    ["a header with a Chinese character", { headers: { authorization: "密" } }, "header authorization"],
    ["a space in the query", { url: "http://localhost:1/?a=SECRET b" }, "not percent-encoded"],
    ["a fragment", { url: "http://localhost:1/?a=SECRET#b" }, "not percent-encoded"],
    ["a URL without a scheme", { url: "localhost:1/SECRET" }, "not an http or https URL"],
    ["another scheme", { url: "file:///SECRET" }, "not an http or https URL"],
    ["credentials in the URL", { url: "http://me:SECRET@localhost:1/" }, "not an http or https URL"],
    ["a port that is none", { url: "http://localhost:99999/SECRET" }, "not an http or https URL"],
  ])("%s is refused before anything is sent", async (_title, request, message) => {
    const sending = client().send(get("http://localhost:1/", request));
    const error = await sending.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(inspect(error)).toContain(message);
    expect(inspect(error)).not.toMatch(/SECRET|密|ACS3 a/);
  });
});

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as [string, string]] : [],
  );
}

describe("what is answered", () => {
  test.each([200, 204, 301, 302, 307, 400, 404, 407, 429, 500, 503])("status %i resolves", async (status) => {
    const server = await service((_request, response) => {
      response.writeHead(status, { location: "/elsewhere" }).end(status === 204 ? undefined : "text");
    });
    const answer = await client().send(get(server.url));
    expect(answer.status).toBe(status);
    expect(answer.text).toBe(status === 204 ? "" : "text");
    expect(answer.headers["location"]).toBe("/elsewhere");
  });

  test.each<[string, Buffer, Record<string, string>, string]>([
    ["JSON stays text", Buffer.from('{"a": 1}'), { "content-type": "application/json" }, '{"a": 1}'],
    [
      "UTF-8 is read whatever the charset says",
      Buffer.from("é密"),
      { "content-type": "text/x; charset=gbk" },
      "é密",
    ],
    ["a byte order mark is dropped", Buffer.from("\ufeff{}"), {}, "{}"],
    ["an invalid byte is replaced", Buffer.from([0x61, 0xff]), {}, "a\ufffd"],
    ["gzip is unpacked", gzipSync("packed"), { "content-encoding": "gzip" }, "packed"],
    ["deflate is unpacked", deflateSync("packed"), { "content-encoding": "deflate" }, "packed"],
    ["a bare deflate is unpacked", deflateRawSync("packed"), { "content-encoding": "deflate" }, "packed"],
    ["brotli is unpacked", brotliCompressSync("packed"), { "content-encoding": "BR" }, "packed"],
    [
      "what was packed twice is unpacked twice",
      gzipSync(deflateSync("packed")),
      { "content-encoding": "deflate, gzip" },
      "packed",
    ],
    ["nothing is an empty text", Buffer.alloc(0), {}, ""],
    ["nothing is an empty text even as gzip", Buffer.alloc(0), { "content-encoding": "gzip" }, ""],
  ])("%s", async (_title, body, headers, expected) => {
    const server = await service((_request, response) => response.writeHead(200, headers).end(body));
    expect((await client().send(get(server.url))).text).toBe(expected);
  });

  test("header names are in lower case and repeated headers are joined", async () => {
    const server = await service((_request, response) => {
      response.setHeader("X-Acs-Request-Id", "1");
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      response.end();
    });
    const { headers } = await client().send(get(server.url));
    expect(headers).toMatchObject({ "x-acs-request-id": "1", "set-cookie": "a=1, b=2" });
  });

  test.each<[string, (text: string) => Buffer]>([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
  ])("an answer in %s that was cut short is an error and not a shorter answer", async (encoding, pack) => {
    const whole = pack(JSON.stringify(Array.from({ length: 300 }, (_, index) => index)));
    const server = await service((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(whole.subarray(0, whole.length - 7));
    });
    const error = await failureOf(client().send(get(server.url)));
    expect(error).toMatchObject({ code: "Z_BUF_ERROR", outcome: "unknown" });
    expect(error.message).toContain("the answer could not be decompressed");
  });

  test("an answer that is packed in a way nobody asked for is refused", async () => {
    const server = await service((_request, response) => {
      response.writeHead(200, { "content-encoding": "zstd" }).end("x");
    });
    await expect(client().send(get(server.url))).rejects.toThrow(
      `The answer of http://localhost:${server.port} is compressed in a way that was not asked for.`,
    );
  });

  test.each<[string, (bytes: Buffer) => Buffer, Record<string, string>]>([
    ["a plain answer", (bytes) => bytes, {}],
    ["a packed answer", (bytes) => gzipSync(bytes), { "content-encoding": "gzip" }],
  ])("%s of 16 MiB is read and one byte more is refused", async (_title, pack, headers) => {
    const server = await service((request, response) => {
      const extra = request.url === "/more" ? 1 : 0;
      response.writeHead(200, headers).end(pack(Buffer.alloc(MAX_ANSWER_BYTES + extra, "x")));
    });
    const { send } = bound(client());
    expect((await send(get(server.url))).text).toHaveLength(16 * 1024 * 1024);
    await expect(send(get(`${server.url}/more`))).rejects.toThrow(ReplyShapeError);
    await expect(send(get(`${server.url}/more`))).rejects.toThrow(
      `The answer of http://localhost:${server.port} is too large to be read.\nLimit: 16777216 bytes\n`,
    );
  });

  test("a connection is used again", async () => {
    const server = await service();
    const { send } = bound(client());
    await send(get(server.url));
    await send(get(server.url));
    expect(server.connections()).toBe(1);
  });
});

function bound(made: HttpClient): { send: HttpClient["send"] } {
  return { send: (request) => made.send(request) };
}

describe("TLS", () => {
  test.each<[string, string, Partial<HttpSettings>]>([
    ["a certificate of the caFile's authority, by name", "localhost", { caFile }],
    ["a certificate of the caFile's authority, by address", "127.0.0.1", { caFile }],
    ["any certificate with insecureSkipVerify", "localhost", { insecureSkipVerify: true }],
  ])("%s is accepted", async (_title, host, settings) => {
    const server = await service(undefined, trusted);
    const answer = await client(settings).send(get(`https://${host}:${server.port}/`));
    expect(answer.text).toBe("hello");
  });

  describe("behind an issuing authority", () => {
    const root = createAuthority("Root");
    const issuing = root.issueAuthority("Issuing");
    const own = issuing.issue(["localhost"]);
    const chain = { cert: own.cert + issuing.cert, key: own.key };

    test.each([
      ["the root", root.cert],
      ["the issuing authority alone", issuing.cert],
      ["the certificate of the service itself", own.cert],
    ])("%s is enough as caFile", async (_title, cert) => {
      const server = await service(undefined, chain);
      const answer = await client({ caFile: file("some.pem", cert) }).send(get(server.url));
      expect(answer.text).toBe("hello");
    });

    test.each([
      ["another issuing authority of the same name", createAuthority("Root").issueAuthority("Issuing").cert],
      ["another one of the same root", root.issueAuthority("Other").cert],
      ["another certificate of the same authority", issuing.issue(["localhost"]).cert],
    ])("%s is refused as caFile", async (_title, cert) => {
      const server = await service(undefined, chain);
      const error = await failureOf(client({ caFile: file("some.pem", cert) }).send(get(server.url)));
      expect(error).toMatchObject({ name: "NetworkError", outcome: "not-executed" });
      expect(error.message).toContain("its certificate is not trusted");
    });
  });

  test("a caFile may hold several certificates and other text", async () => {
    const bundle = file("bundle.pem", `# ours\n${createAuthority("Other").cert}\r\n\n${authority.cert}`);
    const server = await service(undefined, trusted);
    expect((await client({ caFile: bundle }).send(get(server.url))).status).toBe(200);
  });

  test("NODE_EXTRA_CA_CERTS still counts beside a caFile", async () => {
    const other = createAuthority("Other authority");
    const server = await service(undefined, trusted);
    const { send } = bound(
      client({ caFile: file("other.pem", other.cert) }, { NODE_EXTRA_CA_CERTS: caFile }),
    );
    expect((await send(get(server.url))).status).toBe(200);
  });

  test.each<[string, ServerIdentity, Partial<HttpSettings>, string, string, RegExp]>([
    [
      "a self-signed certificate",
      createSelfSigned(["localhost"]),
      {},
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "it is self-signed",
      /caFile/,
    ],
    [
      "an unknown authority",
      trusted,
      {},
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "it is signed by an unknown certificate authority",
      /caFile/,
    ],
    [
      "an expired certificate",
      authority.issue(["localhost"], expired()),
      { caFile },
      "CERT_HAS_EXPIRED",
      "its certificate has expired",
      /renewed/,
    ],
    [
      "a certificate from the future",
      authority.issue(["localhost"], notYetValid()),
      { caFile },
      "CERT_NOT_YET_VALID",
      "its certificate is not valid yet",
      /clocks/,
    ],
    [
      "a certificate for another host",
      authority.issue(["other.example.com"]),
      { caFile },
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "its certificate is for another host name",
      /Certificate for: DNS:other\.example\.com\n/,
    ],
  ])("%s is refused, and nothing was executed", async (_title, identity, settings, code, why, hint) => {
    const server = await service(undefined, identity);
    const error = await failureOf(client(settings).send(get(`${server.url}/path?access_token=SECRET`)));
    expect(error).toMatchObject({ code, outcome: "not-executed" });
    expect(error.message).toContain(`No answer from https://localhost:${server.port}: `);
    expect(error.message).toContain(why);
    expect(error.message).toMatch(hint);
    expect(error.message).not.toContain("insecureSkipVerify");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("SECRET");
  });

  test("a port without TLS is told as such", async () => {
    const server = await service();
    const error = await failureOf(client().send(get(`https://localhost:${server.port}/`)));
    expect(error).toMatchObject({ outcome: "not-executed" });
    expect(error.message).toMatch(/the TLS handshake failed[^]*http:\/\//);
  });

  test.each<[string, () => string, string]>([
    ["a missing file", () => join(folder, "absent.pem"), "cannot be read"],
    ["a folder", () => folder, "cannot be read"],
    ["a private key", () => file("key.pem", trusted.key), "holds no PEM certificate"],
    [
      "a binary certificate",
      () => file("ca.der", Buffer.from([0x30, 0x82, 1, 2])),
      "holds no PEM certificate",
    ],
    [
      "a damaged certificate",
      () => file("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      "holds a certificate that cannot be decoded",
    ],
  ])("%s as caFile is a ConfigError that names the setting and the path", async (_title, path, why) => {
    const named = path();
    const sending = client({ caFile: named }).send(get("https://localhost:1/"));
    const error: unknown = await sending.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(`setting caFile ${why}.\nFile: ${named}\n`);
  });

  test("an unreadable NODE_EXTRA_CA_CERTS is as good as none, as for Node itself", async () => {
    const server = await service(undefined, trusted);
    const { send } = bound(client({ caFile }, { NODE_EXTRA_CA_CERTS: join(folder, "absent.pem") }));
    expect((await send(get(server.url))).status).toBe(200);
  });

  test("the caFile is read once", async () => {
    const path = file("vanishing.pem", authority.cert);
    const server = await service(undefined, trusted);
    const { send } = bound(client({ caFile: path }));
    await send(get(server.url));
    rmSync(path);
    expect((await send(get(server.url))).status).toBe(200);
  });
});

describe("proxies", () => {
  const flavours = [
    ["http", "http", undefined],
    ["http", "https", undefined],
    ["https", "http", undefined],
    ["https", "https", undefined],
    ["http", "http", "me:p@ss:word/é"],
    ["http", "https", "me:p@ss:word/é"],
    ["https", "http", "me:p@ss:word/é"],
    ["https", "https", "me:p@ss:word/é"],
  ] as const;

  test.each(flavours)("an %s proxy serves an %s service (credentials: %s)", async (by, to, credentials) => {
    const seen: IncomingMessage["headers"][] = [];
    const server = await service(
      (request, response) => {
        seen.push(request.headers);
        response.end(request.url);
      },
      to === "https" ? trusted : undefined,
    );
    const through = await proxy({
      ...(by === "https" ? { identity: trusted } : {}),
      ...(credentials ? { credentials } : {}),
    });
    const { send } = bound(client({ caFile, proxy: withCredentials(through.url, credentials) }));
    expect((await send(get(`${server.url}/a/../b?q='`))).text).toBe("/a/../b?q='");
    expect((await send(get(`${server.url}/again`))).text).toBe("/again");
    expect(through.forwarded).toEqual(
      to === "http" ? [`${server.url}/a/../b?q='`, `${server.url}/again`] : [],
    );
    expect(through.tunnels).toEqual(to === "https" ? [`localhost:${server.port}`] : []);
    expect(through.connections()).toBe(1);
    expect(seen[0]).toMatchObject({ host: `localhost:${server.port}` });
    expect(seen[0]).not.toHaveProperty("proxy-authorization");
  });

  test.each<[string, string, "http" | "https"]>([
    ["http", "without a trusted certificate of the service", "http"],
    ["https", "without a trusted certificate of the service", "https"],
  ])("an %s proxy %s is no way around verification", async (_title, _why, by) => {
    const untrusted = createAuthority("Untrusted").issue(["localhost"]);
    const server = await service(undefined, untrusted);
    const through = await proxy(by === "https" ? { identity: trusted } : {});
    const error = await failureOf(client({ caFile, proxy: through.url }).send(get(server.url)));
    expect(error).toMatchObject({ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", outcome: "not-executed" });
    expect(error.message).toContain(`No answer from ${server.url}: its certificate is not trusted`);
    expect(error.message).toContain(`\nProxy: ${through.url}\n`);
  });

  test("a certificate for another host is refused through a tunnel", async () => {
    const server = await service(undefined, authority.issue(["other.example.com"]));
    const through = await proxy();
    const error = await failureOf(client({ caFile, proxy: through.url }).send(get(server.url)));
    expect(error).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID", outcome: "not-executed" });
  });

  test("insecureSkipVerify skips the service's certificate through a tunnel", async () => {
    const server = await service(undefined, createSelfSigned(["elsewhere"]));
    const through = await proxy();
    const { send } = bound(client({ insecureSkipVerify: true, proxy: through.url }));
    expect((await send(get(server.url))).status).toBe(200);
  });

  test("an https proxy is verified even with insecureSkipVerify", async () => {
    const server = await service();
    const through = await proxy({ identity: createSelfSigned(["localhost"]) });
    const error = await failureOf(
      client({ insecureSkipVerify: true, proxy: through.url }).send(get(server.url)),
    );
    expect(error).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT", outcome: "not-executed" });
    expect(error.message).toContain(`No answer from ${server.url} through the proxy ${through.url}: `);
    expect(through.forwarded).toEqual([]);
  });

  test.each<[string, "http" | "https", ForwardProxyOptions, number, RegExp]>([
    ["no credentials for a plain service", "http", { credentials: "me:right" }, 407, /user:password@/],
    ["no credentials for a TLS service", "https", { credentials: "me:right" }, 407, /user:password@/],
    ["a forbidden tunnel", "https", { refuseTunnels: 403 }, 403, /NO_PROXY/],
    ["a tunnel that leads nowhere", "https", { refuseTunnels: 502 }, 502, /NO_PROXY/],
  ])("a proxy's refusal is no answer of the service: %s", async (_title, to, options, status, hint) => {
    const server = await service(undefined, to === "https" ? trusted : undefined);
    const through = await proxy(options);
    const { send } = bound(client({ caFile, proxy: withCredentials(through.url, "me:WRONG-PASSWORD") }));
    const error = await failureOf(send(get(server.url)));
    expect(error).toMatchObject({ code: "PROXY_REFUSED", outcome: "not-executed" });
    expect(error.message).toContain(
      `No answer from ${server.url} through the proxy ${through.url}: it refused with status ${status}.\n`,
    );
    expect(error.message).toMatch(hint);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("WRONG-PASSWORD");
    expect(through.refused()).toBe(1);
    expect(server.connections()).toBe(0);
  });

  test.each(["http", "https"] as const)(
    "a proxy that does not run is told apart (%s service)",
    async (to) => {
      const port = await closedPort();
      const server = await service(undefined, to === "https" ? trusted : undefined);
      const error = await failureOf(client({ proxy: `http://localhost:${port}` }).send(get(server.url)));
      expect(error).toMatchObject({ code: "ECONNREFUSED", outcome: "not-executed" });
      expect(error.message).toContain(
        `No answer from ${server.url} through the proxy http://localhost:${port}: the connection was refused.\n`,
      );
    },
  );

  test("a tunnel that is never granted times out before anything was executed", async () => {
    stopTheClock();
    const asked = signal();
    const through = await proxy({ onHeldTunnel: asked.fire });
    const sending = failureOf(client({ proxy: through.url }).send(get("https://localhost:1/")));
    await asked.fired;
    jest.advanceTimersByTime(30_000);
    const error = await sending;
    expect(error).toMatchObject({ code: "ETIMEDOUT", outcome: "not-executed" });
    expect(error.message).toContain(`no connection within 30 s.\nCode: ETIMEDOUT\nProxy: ${through.url}\n`);
  });

  test.each<[string, "http" | "https", (url: string) => Record<string, string>, boolean]>([
    ["HTTP_PROXY", "http", (url) => ({ HTTP_PROXY: url }), true],
    ["http_proxy", "http", (url) => ({ http_proxy: url }), true],
    ["HTTPS_PROXY", "https", (url) => ({ HTTPS_PROXY: url }), true],
    ["ALL_PROXY", "https", (url) => ({ ALL_PROXY: url }), true],
    ["HTTP_PROXY, which is not for https", "https", (url) => ({ HTTP_PROXY: url }), false],
    ["NO_PROXY for the host", "http", (url) => ({ HTTP_PROXY: url, NO_PROXY: "localhost" }), false],
  ])("the environment counts: %s", async (_title, to, environment, proxied) => {
    const server = await service(undefined, to === "https" ? trusted : undefined);
    const through = await proxy();
    await client({ caFile }, environment(through.url)).send(get(server.url));
    expect(through.forwarded.length + through.tunnels.length).toBe(proxied ? 1 : 0);
  });

  test("a proxy that cannot be used is a ConfigError without the password", async () => {
    const sending = client({ proxy: "socks5://me:SECRET@localhost:1080" }).send(get("http://localhost:1/"));
    const error: unknown = await sending.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("SECRET");
  });
});

function withCredentials(url: string, credentials: string | undefined): string {
  if (credentials === undefined) {
    return url;
  }
  const [user, ...password] = credentials.split(":");
  return url.replace(
    "://",
    `://${encodeURIComponent(user ?? "")}:${encodeURIComponent(password.join(":"))}@`,
  );
}

describe("settings", () => {
  const verified = (
    settings: Partial<HttpSettings>,
    environment: Record<string, string> = {},
    url = "https://h",
  ) => (() => client(settings, environment).verifySettings(url)) satisfies () => void;

  test("that can be used pass without anything being sent", async () => {
    const server = await service(undefined, trusted);
    const proxyUrl = `http://localhost:${server.port}`;
    expect(verified({ caFile, proxy: proxyUrl }, {}, server.url)).not.toThrow();
    expect(server.connections()).toBe(0);
  });

  test.each<[string, Partial<HttpSettings>, Record<string, string>, string]>([
    [
      "a caFile that is not there",
      { caFile: "no/such.pem" },
      {},
      `The file named by the setting caFile cannot be read.\nFile: ${resolve("no/such.pem")}\nCode: ENOENT\n`,
    ],
    [
      "a caFile that holds no certificate",
      { caFile: file("words.txt", "words") },
      {},
      "The file named by the setting caFile holds no PEM certificate.",
    ],
    ["a malformed proxy", { proxy: "p:3128" }, {}, "The setting proxy is not a URL."],
    [
      "a malformed proxy of the environment",
      {},
      { https_proxy: "socks5://p" },
      "The environment variable https_proxy names a kind of proxy that is not supported.",
    ],
  ])("such as %s are refused before anything is sent", (_title, settings, environment, message) => {
    expect(verified(settings, environment)).toThrow(ConfigError);
    expect(verified(settings, environment)).toThrow(message);
  });
});

describe("no answer", () => {
  test("a refused connection was not executed", async () => {
    const port = await closedPort();
    const error = await failureOf(client().send(get(`http://localhost:${port}/path?access_token=SECRET`)));
    expect(error).toMatchObject({ code: "ECONNREFUSED", outcome: "not-executed" });
    expect(error.message).toBe(
      `No answer from http://localhost:${port}: the connection was refused.\n` +
        "Code: ECONNREFUSED\n" +
        "Check that the address and the port are right and that the server is running.",
    );
  });

  test.each([
    ["ENOTFOUND", "the host name was not found"],
    ["EAI_AGAIN", "the host name could not be looked up"],
  ])("a host name that does not resolve (%s) was not executed", async (code, why) => {
    const failure = Object.assign(new Error("getaddrinfo"), { code, syscall: "getaddrinfo" });
    const lookup = (_host: string, _options: unknown, done: (error: Error) => void) => done(failure);
    jest.spyOn(dns, "lookup").mockImplementation(lookup as unknown as typeof dns.lookup);
    const error = await failureOf(client().send(get("https://service.test/?Signature=SECRET")));
    expect(error).toMatchObject({ code, outcome: "not-executed" });
    expect(error.message).toContain(`No answer from https://service.test:443: ${why}.\nCode: ${code}\n`);
  });

  test.each<[string, string, string | undefined, string]>([
    ["a close without an answer", "", "ECONNRESET", "the connection was closed before an answer arrived"],
    [
      "a close inside the head",
      "HTTP/1.1 200 OK\r\nContent-",
      "ECONNRESET",
      "the connection was closed before an answer arrived",
    ],
    [
      "a close inside a counted body",
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart",
      "ECONNRESET",
      "the connection was closed before the whole answer arrived",
    ],
    [
      "a close inside a chunked body",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
      "ECONNRESET",
      "the connection was closed before the whole answer arrived",
    ],
    ["something else than HTTP", "SSH-2.0-OpenSSH\r\n", "HPE_INVALID_CONSTANT", "what came back is not HTTP"],
    [
      "a body that is not the gzip it claims",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
      "Z_DATA_ERROR",
      "the answer could not be decompressed",
    ],
  ])("%s leaves the outcome unknown", async (_title, answer, code, why) => {
    const server = await rawService((socket) => socket.once("data", () => socket.end(answer)));
    const sending = client().send(
      get(`${server.url}/path?access_token=SECRET`, { headers: { authorization: "OAuth SECRET" } }),
    );
    const error = await failureOf(sending);
    expect(error).toMatchObject({ code, outcome: "unknown" });
    expect(error.message).toContain(`No answer from ${server.url}: ${why}.\n`);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/SECRET|\/path/);
  });

  test("a reset leaves the outcome unknown", async () => {
    const server = await rawService((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await failureOf(client().send(get(server.url)));
    expect(error).toMatchObject({ code: "ECONNRESET", outcome: "unknown" });
  });

  test("a close during the TLS handshake was not executed", async () => {
    const server = await rawService((socket) => socket.once("data", () => socket.end()));
    const error = await failureOf(client().send(get(`https://localhost:${server.port}/`)));
    expect(error).toMatchObject({ code: "ECONNRESET", outcome: "not-executed" });
  });
});

describe("timeouts", () => {
  beforeEach(stopTheClock);

  test("a TLS handshake that never ends was not executed", async () => {
    const begun = signal();
    const server = await rawService((socket) => socket.once("data", () => begun.fire()));
    const sending = failureOf(client().send(get(`https://localhost:${server.port}/`)));
    await begun.fired;
    jest.advanceTimersByTime(30_000);
    const error = await sending;
    expect(error).toMatchObject({ code: "ETIMEDOUT", outcome: "not-executed" });
    expect(error.message).toContain(
      `No answer from https://localhost:${server.port}: no connection within 30 s.`,
    );
  });

  test("an answer that never begins leaves the outcome unknown", async () => {
    const received = signal();
    const server = await service(() => received.fire());
    const sending = failureOf(client().send(get(server.url)));
    await received.fired;
    jest.advanceTimersByTime(30_000);
    const error = await sending;
    expect(error).toMatchObject({ code: "ETIMEDOUT", outcome: "unknown" });
    expect(error.message).toContain(`No answer from ${server.url}: timed out after 30 s.`);
  });

  test("an answer that never ends is not saved by the bytes it drips", async () => {
    const dripping = signal<ServerResponse>();
    const server = await service((_request, response) => {
      response.write("a");
      dripping.fire(response);
    });
    const sending = failureOf(client().send(get(server.url)));
    const response = await dripping.fired;
    jest.advanceTimersByTime(29_000);
    await new Promise<void>((written) => response.write("b", () => written()));
    jest.advanceTimersByTime(1_000);
    expect(await sending).toMatchObject({ code: "ETIMEDOUT", outcome: "unknown" });
  });

  test("a request's own limit goes before the setting", async () => {
    const received = signal();
    const server = await service(() => received.fire());
    const sending = failureOf(client().send(get(server.url, { timeoutMs: 1_500 })));
    await received.fired;
    jest.advanceTimersByTime(1_500);
    expect((await sending).message).toContain("timed out after 1.5 s");
  });

  test("the time spent in the queue does not count", async () => {
    const first = signal<ServerResponse>();
    const server = await service((request, response) => {
      if (request.url === "/first") {
        first.fire(response);
      } else {
        response.end("second");
      }
    });
    const { send } = bound(client({ maxConcurrentRequests: 1 }));
    const slow = send(get(`${server.url}/first`, { timeoutMs: 1_000_000 }));
    const queued = send(get(`${server.url}/second`, { timeoutMs: 1_000 }));
    const response = await first.fired;
    jest.advanceTimersByTime(60_000);
    response.end("first");
    expect((await slow).text).toBe("first");
    expect((await queued).text).toBe("second");
  });
});

describe("concurrency", () => {
  test.each([
    [undefined, 10],
    [3, 3],
  ])("maxConcurrentRequests %p lets %i requests out at a time", async (setting, expected) => {
    const waiting: ServerResponse[] = [];
    const full = signal();
    let most = 0;
    const server = await service((_request, response) => {
      waiting.push(response);
      most = Math.max(most, waiting.length);
      if (waiting.length === expected) {
        full.fire();
      }
    });
    const { send } = bound(client(setting === undefined ? {} : { maxConcurrentRequests: setting }));
    const all = Array.from({ length: expected * 3 }, () => send(get(server.url)));
    await full.fired;
    let done = 0;
    for (const sending of all) {
      void sending.then(() => (done += 1));
    }
    // A turn of the event loop per step: whatever was going to arrive has arrived.
    while (done < all.length) {
      waiting.shift()?.end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(most).toBe(expected);
    expect(server.connections()).toBe(expected);
  });
});

describe("cancelling", () => {
  test("a request without a signal leaves Node's own limit of listeners alone", async () => {
    const before = defaultMaxListeners;
    await client().send({ method: "GET", url: (await service()).url });
    expect(new EventEmitter().getMaxListeners()).toBe(before);
  });

  test("a signal that has fired already keeps the request from being sent", async () => {
    const server = await service();
    const error = await failureOf(client().send(get(server.url, { signal: AbortSignal.abort() })));
    expect(error).toMatchObject({ code: "ABORTED", outcome: "not-executed" });
    expect(error.message).toContain("the request was cancelled before it was sent");
    expect(server.connections()).toBe(0);
  });

  test("a queued request leaves the queue at once", async () => {
    const first = signal<ServerResponse>();
    const seen: string[] = [];
    const server = await service((request, response) => {
      seen.push(request.url ?? "");
      if (request.url === "/first") {
        first.fire(response);
      } else {
        response.end();
      }
    });
    const { send } = bound(client({ maxConcurrentRequests: 1 }));
    const cancel = new AbortController();
    const slow = send(get(`${server.url}/first`));
    const queued = failureOf(send(get(`${server.url}/second`, { signal: cancel.signal })));
    const response = await first.fired;
    cancel.abort();
    expect(await queued).toMatchObject({ code: "ABORTED", outcome: "not-executed" });
    response.end();
    await slow;
    await send(get(`${server.url}/third`));
    expect(seen).toEqual(["/first", "/third"]);
  });

  test("a request on the wire ends with an unknown outcome and closes its connection", async () => {
    const received = signal<IncomingMessage>();
    const server = await service((request) => received.fire(request));
    const cancel = new AbortController();
    const sending = failureOf(client().send(get(server.url, { signal: cancel.signal })));
    const { socket } = await received.fired;
    const closed = new Promise((resolve) => socket.once("close", resolve));
    cancel.abort();
    expect(await sending).toMatchObject({ code: "ABORTED", outcome: "unknown" });
    await closed;
  });

  test("a connection that is still being made is given up", async () => {
    const begun = signal<NodeJS.EventEmitter>();
    const server = await rawService((socket) => socket.once("data", () => begun.fire(socket)));
    const cancel = new AbortController();
    const sending = failureOf(
      client().send(get(`https://localhost:${server.port}/`, { signal: cancel.signal })),
    );
    const socket = await begun.fired;
    const closed = new Promise((resolve) => socket.once("close", resolve));
    cancel.abort();
    expect(await sending).toMatchObject({ code: "ABORTED", outcome: "not-executed" });
    await closed;
  });

  test("one of our own errors as the signal's reason is thrown as it is", async () => {
    const reason = new ConfigError("The engine is gone.");
    const sending = client().send(get("http://localhost:1/", { signal: AbortSignal.abort(reason) }));
    await expect(sending).rejects.toBe(reason);
  });

  test("a signal shared by many requests cancels them all", async () => {
    const arrived = signal();
    const server = await service(() => arrived.fire());
    const { send } = bound(client());
    const cancel = new AbortController();
    const all = Array.from({ length: 40 }, () => failureOf(send(get(server.url, { signal: cancel.signal }))));
    await arrived.fired;
    cancel.abort();
    for (const error of await Promise.all(all)) {
      expect(error).toMatchObject({ code: "ABORTED" });
    }
  });

  test("a signal that fires after the answer changes nothing", async () => {
    const server = await service();
    const { send } = bound(client());
    const cancel = new AbortController();
    await send(get(server.url, { signal: cancel.signal }));
    cancel.abort();
    expect((await send(get(server.url))).status).toBe(200);
    expect(server.connections()).toBe(1);
  });

  test("closing the client cancels what is queued and on the wire, and refuses what comes later", async () => {
    const received = signal();
    const server = await service(() => received.fire());
    const made = client({ maxConcurrentRequests: 1 });
    const sending = [made.send(get(server.url)), made.send(get(server.url))].map(failureOf);
    await received.fired;
    made.close();
    expect(await sending[0]).toMatchObject({ code: "ABORTED", outcome: "unknown" });
    expect(await sending[1]).toMatchObject({ code: "ABORTED", outcome: "not-executed" });
    expect(await failureOf(made.send(get(server.url)))).toMatchObject({ outcome: "not-executed" });
    expect(server.connections()).toBe(1);
  });
});
