import { inspect } from "node:util";
import { ConfigError } from "../../provider/core/errors";
import { proxyFor, proxySecrets, type Environment } from "../../provider/core/transport/proxy";

function chosen(target: string, environment: Environment, setting?: string): string | undefined {
  return proxyFor(new URL(target), setting, environment)?.origin;
}

test.each<[string, string, Environment, string | undefined, string | undefined]>([
  ["nothing configured means direct", "https://a.com", {}, undefined, undefined],
  ["the setting counts for https", "https://a.com", {}, "http://p:3128", "http://p:3128"],
  ["the setting counts for http", "http://a.com", {}, "https://p", "https://p:443"],
  ["an empty setting is none", "https://a.com", { HTTPS_PROXY: "http://e:1" }, "", "http://e:1"],
  [
    "the setting goes before the environment",
    "https://a.com",
    { HTTPS_PROXY: "http://e:1" },
    "http://p:2",
    "http://p:2",
  ],
  ["HTTPS_PROXY counts for https", "https://a.com", { HTTPS_PROXY: "http://e:1" }, undefined, "http://e:1"],
  [
    "HTTPS_PROXY does not count for http",
    "http://a.com",
    { HTTPS_PROXY: "http://e:1" },
    undefined,
    undefined,
  ],
  [
    "HTTP_PROXY does not count for https",
    "https://a.com",
    { HTTP_PROXY: "http://e:1" },
    undefined,
    undefined,
  ],
  [
    "lower case goes first",
    "http://a.com",
    { HTTP_PROXY: "http://u:1", http_proxy: "http://l:1" },
    undefined,
    "http://l:1",
  ],
  [
    "an empty variable is none",
    "http://a.com",
    { http_proxy: " ", HTTP_PROXY: "http://u:1" },
    undefined,
    "http://u:1",
  ],
  [
    "ALL_PROXY comes last",
    "https://a.com",
    { ALL_PROXY: "http://a:1", https_proxy: "http://l:1" },
    undefined,
    "http://l:1",
  ],
  ["ALL_PROXY counts for either", "http://a.com", { all_proxy: "http://a:1" }, undefined, "http://a:1"],
  ["a variable may lack the scheme", "http://a.com", { http_proxy: "e:3128" }, undefined, "http://e:3128"],
  ["NO_PROXY exempts from the setting too", "https://a.com", { NO_PROXY: "a.com" }, "http://p:1", undefined],
  [
    "loopback is nothing special",
    "http://localhost:8080",
    { http_proxy: "http://e:1" },
    undefined,
    "http://e:1",
  ],
])("%s", (_title, target, environment, setting, expected) => {
  expect(chosen(target, environment, setting)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ["*", "https://anything.example.com", true],
  ["example.com", "https://example.com", true],
  ["example.com", "https://api.example.com", true],
  ["EXAMPLE.com", "https://example.COM", true],
  ["example.com.", "https://example.com", true],
  ["example.com", "https://notexample.com", false],
  [".example.com", "https://api.example.com", true],
  [".example.com", "https://example.com", false],
  ["*.example.com", "https://api.example.com", true],
  ["other.com, example.com", "https://example.com", true],
  ["other.com example.com", "https://example.com", true],
  ["example.com:8443", "https://example.com:8443", true],
  ["example.com:8443", "https://example.com", false],
  ["example.com:443", "https://example.com", true],
  ["10.0.0.1", "http://10.0.0.1:8080", true],
  ["10.0.0.1:8080", "http://10.0.0.1:8080", true],
  ["0.0.1", "http://10.0.0.1:8080", false],
  ["10.0.0.0/8", "http://10.200.3.4:8080", true],
  ["10.0.0.0/8", "http://11.0.0.1:8080", false],
  ["172.16.0.0/12", "http://172.31.255.255", true],
  ["172.16.0.0/12", "http://172.32.0.0", false],
  ["10.0.0.0/8", "http://ten.example.com", false],
  ["10.0.0.0/33", "http://10.0.0.1", false],
  ["::1", "http://[::1]:8080", true],
  ["[::1]", "http://[::1]:8080", true],
  ["[::1]:8080", "http://[::1]:8080", true],
  ["[::1]:8081", "http://[::1]:8080", false],
  ["0:0:0:0:0:0:0:1", "http://[::1]", true],
  ["fd00::/8", "http://[fd12::1]", true],
  ["fd00::/8", "http://[fe80::1]", false],
  ["localhost", "http://localhost:8080", true],
  ["localhost", "http://127.0.0.1:8080", false],
  ["监控.example.com", "https://监控.example.com", true],
  ["监控.example.com", "https://xn--izun04b.example.com", true],
  ["xn--izun04b.example.com", "https://监控.example.com", true],
  [".监控.example.com:8443", "https://a.监控.example.com:8443", true],
  ["*.监控.example.com", "https://a.xn--izun04b.example.com", true],
  ["BÜCHER.example", "https://xn--bcher-kva.example", true],
  ["监控.example.com", "https://控监.example.com", false],
  ["", "https://example.com", false],
  [",, ,", "https://example.com", false],
])("NO_PROXY %j covers %s: %p", (noProxy, target, exempt) => {
  const environment = { ALL_PROXY: "http://proxy:3128", NO_PROXY: noProxy };
  expect(chosen(target, environment) === undefined).toBe(exempt);
});

test("credentials are decoded into Basic authorization", () => {
  const proxy = proxyFor(new URL("https://a.com"), "http://us%40er:p%3Aw%C3%A9@p:1", {});
  expect(Buffer.from(proxy?.authorization?.slice("Basic ".length) ?? "", "base64").toString()).toBe(
    "us@er:p:wé",
  );
});

test.each([
  ["a bare host and port", "p:3128", "The setting proxy is not a URL."],
  ["credentials without a scheme", "me:SECRET@p:3128", "The setting proxy is not a URL."],
  ["a port that is none", "http://me:SECRET@p:port", "The setting proxy is not a URL."],
  ["no host", "http://", "The setting proxy is not a URL."],
  ["words", "my proxy SECRET", "The setting proxy is not a URL."],
  ["SOCKS", "socks5://me:SECRET@p:1080", "The setting proxy names a kind of proxy that is not supported."],
  [
    "a padded address",
    "http://me:SECRET@010.0.0.5:3128",
    "The setting proxy holds an address that means 8.0.0.5: write the address as four decimal numbers",
  ],
  [
    "a broken encoding",
    "http://me:SECRET%zz@p:1",
    "The setting proxy has a user name or password with a broken",
  ],
])("%s as a proxy is a ConfigError without the password", (_title, setting, message) => {
  let error: unknown;
  try {
    proxyFor(new URL("https://a.com"), setting, {});
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(message);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("SECRET");
});

test("the message about a bad environment variable names it", () => {
  expect(() => chosen("https://a.com", { ALL_PROXY: "socks5://p:1080" })).toThrow(
    /^The environment variable ALL_PROXY names a kind of proxy that is not supported\.\nScheme: socks5\n[^]*NO_PROXY/,
  );
});

test.each<[string, string | undefined, Record<string, string>, string[]]>([
  [
    "the setting's password, written, meant and sent",
    "http://me:p%40ss@proxy:3128",
    {},
    ["p%40ss", "p@ss", "bWU6cEBzcw=="],
  ],
  [
    "one of the environment, without a scheme",
    undefined,
    { HTTPS_PROXY: "me:word@proxy" },
    ["word", "word", "bWU6d29yZA=="],
  ],
  ["what is no URL at all", "pass word", {}, ["pass word"]],
  ["a broken encoding as it is written", "http://me:%zz@proxy", {}, ["%zz"]],
  ["nothing of a proxy without a password", "http://proxy:3128", { ALL_PROXY: "" }, []],
])("of proxies must never be shown: %s", (_what, setting, environment, secrets) => {
  expect(proxySecrets(setting, environment)).toEqual(secrets);
});
