/** Everything that can be printed of an error of a request: no planted secret of the request, its answer or its proxy is in it. */
import { Axios } from "axios";
import { ProviderError } from "../../provider/core/errors";
import { createHttpClient, type HttpSettings } from "../../provider/core/transport/http";
import { createSelfSigned } from "../support/certificates";
import { startForwardProxy } from "../support/forward-proxy";
import { closedPort, startHttpServer, startRawServer } from "../support/local-server";
import { planted, SECRETS, token, viewsOf } from "./support/error-views";
import { echoOf } from "./support/planted";

const { webhook, password, keySecret, stsToken, session } = SECRETS;

describe("an error of the network shows nothing of the request that failed:", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
  const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const server = await starting;
    open.push(server);
    return server;
  };
  const raw = async (answer: string): Promise<string> => {
    const server = startRawServer((socket) => void socket.once("data", () => socket.end(answer)));
    return `http://localhost:${(await opened(server)).port}`;
  };
  const echo = `X-Echo: ${encodeURIComponent(echoOf(...Object.values(SECRETS)))}`;
  const behind = (url: string): Partial<HttpSettings> => ({
    proxy: url.replace("://", `://robot:${encodeURIComponent(password)}@`),
  });

  const TROUBLES: Record<string, () => Promise<{ url: string; settings?: Partial<HttpSettings> }>> = {
    "a refused connection": async () => ({ url: `http://localhost:${await closedPort()}` }),
    "a host that does not exist": async () => ({ url: "http://no-such-host.invalid" }),
    "a reset": async () => {
      const server = await opened(
        startRawServer((socket) => void socket.once("data", () => socket.resetAndDestroy())),
      );
      return { url: `http://localhost:${server.port}` };
    },
    "an end without an answer": async () => ({ url: await raw("") }),
    "an answer that is not HTTP": async () => ({ url: await raw(`${webhook}\r\n\r\n${password}`) }),
    "an answer that is cut off": async () => ({
      url: await raw(`HTTP/1.1 200 OK\r\n${echo}\r\nContent-Length: 999\r\n\r\n${webhook}`),
    }),
    "an answer that cannot be decompressed": async () => ({
      url: await raw(
        `HTTP/1.1 200 OK\r\n${echo}\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello`,
      ),
    }),
    "no answer in time": async () => {
      const server = await opened(startHttpServer(() => undefined));
      return { url: server.url, settings: { requestTimeoutMs: 100 } };
    },
    "TLS on a port that speaks none": async () => ({ url: (await raw("hello")).replace("http:", "https:") }),
    "an authority that is unknown": async () => {
      const { url } = await opened(startHttpServer(() => undefined, createSelfSigned(["localhost"])));
      return { url };
    },
    "a proxy that refuses the password": async () => {
      const proxy = await opened(startForwardProxy({ credentials: "robot:another" }));
      return { url: "http://service.example", settings: behind(proxy.url) };
    },
    "a proxy that refuses the tunnel": async () => {
      const proxy = await opened(startForwardProxy({ refuseTunnels: 403 }));
      return { url: "https://service.example", settings: behind(proxy.url) };
    },
    "a proxy that is down": async () => ({
      url: "https://service.example",
      settings: behind(`http://localhost:${await closedPort()}`),
    }),
    "a proxy with a broken password": async () => ({
      url: "https://service.example",
      settings: { proxy: `http://robot:${keySecret}%zz@localhost:1` },
    }),
    "a header that cannot be sent": async () => ({ url: `http://localhost:1`, settings: {} }),
  };
  const request = (url: string, isBroken: boolean) => ({
    method: "POST" as const,
    url: `${url}/zstack/v1/accounts/sessions/${session}?SendUrl=${encodeURIComponent(webhook)}&token=${token("relay")}`,
    headers: {
      authorization: `OAuth ${session}`,
      "x-acs-security-token": isBroken ? `${stsToken}\n` : stsToken,
      cookie: keySecret,
    },
    body: JSON.stringify(SECRETS),
  });

  test.each(Object.entries(TROUBLES))("%s", async (name, trouble) => {
    const { url, settings } = await trouble();
    const client = createHttpClient({ requestTimeoutMs: 10_000, ...settings }, {});
    const error: unknown = await client.send(request(url, name.startsWith("a header"))).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    client.close();
    expect(error).toBeInstanceOf(ProviderError);
    expect(planted.foundIn(viewsOf(error))).toEqual([]);
  });

  test("which the error of the HTTP library itself would show", async () => {
    const url = `http://localhost:${await closedPort()}`;
    const error: unknown = await new Axios({ adapter: "http", proxy: false })
      .request({ ...request(url, false), data: JSON.stringify(SECRETS) })
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(planted.foundIn(viewsOf(error)).length).toBeGreaterThan(3);
  });
});
