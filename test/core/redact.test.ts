import * as fc from "fast-check";
import { createRedactor, MASK, redact } from "../../provider/core/redact";

const SESSION = "cbc30123456789abcdef0123456789ab";
const SIGNING_SECRET = `SEC${"0123456789abcdef".repeat(4)}`;

describe("secrets by their form", () => {
  test.each<[string, string, string]>([
    [
      "a DingTalk token in a URL",
      "https://oapi.dingtalk.com/robot/send?access_token=abc123",
      "https://oapi.dingtalk.com/robot/send?access_token=[redacted]",
    ],
    [
      "a signed DingTalk URL",
      "?access_token=a1&timestamp=17&sign=q%2Bw%3D&x=1",
      "?access_token=[redacted]&timestamp=17&sign=[redacted]&x=1",
    ],
    [
      "an encoded token",
      "https%3A%2F%2Fh%2Fsend%3Faccess_token%3Dabc123%26timestamp%3D17",
      "https%3A%2F%2Fh%2Fsend%3Faccess_token%3D[redacted]%26timestamp%3D17",
    ],
    [
      "a doubly encoded token",
      "send%253Faccess_token%253Dabc%2526sign%253Dx%252525%26Name%3Dn",
      "send%253Faccess_token%253D[redacted]%2526sign%253D[redacted]%26Name%3Dn",
    ],
    [
      "an encoded value with an encoded separator inside",
      "password%3Da%2526b%26x%3D1",
      "password%3D[redacted]%26x%3D1",
    ],
    ["a lower-case encoding", "access_token%3dabc%26x%3d1", "access_token%3d[redacted]%26x%3d1"],
    [
      "SendUrl in a query",
      "Action=X&SendUrl=https%3A%2F%2Foapi.dingtalk.com%2Frobot%2Fsend%3Faccess_token%3DXXX&IntervalTime=0",
      "Action=X&SendUrl=[redacted]&IntervalTime=0",
    ],
    [
      "SendUrl in a string to sign",
      "POST&%2F&Action%3DX%26SendUrl%3Dhttps%253A%252F%252Fh%253Faccess_token%253DXXX%26Z%3D1",
      "POST&%2F&Action%3DX%26SendUrl%3D[redacted]%26Z%3D1",
    ],
    [
      "a signature in a query",
      "Signature=ohsJ1z9E7hAX%3D&SignatureNonce=1&SignatureMethod=HMAC-SHA1",
      "Signature=[redacted]&SignatureNonce=1&SignatureMethod=HMAC-SHA1",
    ],
    ["an STS token in a query", "SecurityToken=CAIS%3D%3D&Version=1", "SecurityToken=[redacted]&Version=1"],
    [
      "environment variables",
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET=abc ZSTACK_ACCOUNT_PASSWORD=def ALICLOUD_SECRET_KEY=ghi",
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET=[redacted] ZSTACK_ACCOUNT_PASSWORD=[redacted] ALICLOUD_SECRET_KEY=[redacted]",
    ],
    [
      "JSON members",
      '{"accessKeySecret":"a\\"b","password" : "p","SecurityToken":"t","name":"n"}',
      '{"accessKeySecret":"[redacted]","password" : "[redacted]","SecurityToken":"[redacted]","name":"n"}',
    ],
    [
      "JSON inside JSON",
      '"{\\"secret\\":\\"s\\\\\\"t\\",\\"name\\":\\"n\\"}"',
      '"{\\"secret\\":\\"[redacted]\\",\\"name\\":\\"n\\"}"',
    ],
    [
      "JSON that was cut off",
      '{"logInByAccount":{"password":"abcde',
      '{"logInByAccount":{"password":"[redacted]',
    ],
    [
      "JSON webhooks",
      '{"webhookUrl":"https://relay/x","SendUrl":"https://relay/y"}',
      '{"webhookUrl":"[redacted]","SendUrl":"[redacted]"}',
    ],
    [
      "an inspected object",
      "{ accountPassword: 'p', secret: 's', name: 'n' }",
      "{ accountPassword: '[redacted]', secret: '[redacted]', name: 'n' }",
    ],
    ["a configuration line", 'secret_key = "s"\nname = "n"', 'secret_key = "[redacted]"\nname = "n"'],
    [
      "an Authorization header",
      "GET / HTTP/1.1\r\nAuthorization: OAuth x, y\r\nHost: h",
      "GET / HTTP/1.1\r\nAuthorization: [redacted]\r\nHost: h",
    ],
    [
      "an Authorization member",
      '{"Authorization":"ACS3-HMAC-SHA256 Credential=a,Signature=b","host":"h"}',
      '{"Authorization":"[redacted]","host":"h"}',
    ],
    ["a ZStack session", `OAuth ${SESSION} was refused`, "OAuth [redacted] was refused"],
    [
      "a ZStack signature",
      "ZStack LTAIkey:OSBDBTgJm4wOfx+/DgQW0gWQ680= was refused",
      "ZStack [redacted] was refused",
    ],
    [
      "an Alibaba signature",
      "ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders=host;x-acs-date,Signature=8aab was",
      "ACS3-HMAC-SHA256 [redacted] was",
    ],
    [
      "an STS header",
      "x-acs-security-token: CAIS==\nx-acs-date: d",
      "x-acs-security-token: [redacted]\nx-acs-date: d",
    ],
    [
      "proxy credentials",
      "Proxy-Authorization: Basic bWU6eA==\nBasic bWU6cGFzcw== x",
      "Proxy-Authorization: [redacted]\nBasic [redacted] x",
    ],
    ["a signing secret", `the secret is ${SIGNING_SECRET}.`, "the secret is [redacted]."],
    ["credentials in a URL", "http://me:p%40ss@proxy:3128/x", "http://[redacted]@proxy:3128/x"],
    ["a user in a URL", "https://token@host/x", "https://[redacted]@host/x"],
    ["a raw slash in a URL's password", "http://me:pa/ss@proxy:3128", "http://[redacted]@proxy:3128"],
    [
      "credentials in an encoded URL",
      "url=http%3A%2F%2Fme%3Apass%40proxy%2Fx",
      "url=http%3A%2F%2F[redacted]%40proxy%2Fx",
    ],
    [
      "a session in a path",
      `DELETE /zstack/v1/accounts/sessions/${SESSION}/valid failed`,
      "DELETE /zstack/v1/accounts/sessions/[redacted]/valid failed",
    ],
  ])("%s is masked", (_title, text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redact(expected)).toBe(expected);
  });

  test.each([
    "The endpoint 0123456789abcdef0123456789abcdef does not exist (SYS.1006).",
    "uuid: 5c7a0d3e-8a55-4c7e-9a4e-3f1f0c9d2b11, name: duty officer",
    "RequestId: 0B48AB3C-84FC-424D-A01D-B9270EF46038",
    "secret: must be at most 128 characters",
    "webhookUrl: holds two tokens joined by a comma",
    "Set zstack:accountPassword with: pulumi config set --secret zstack:accountPassword",
    "missing header 'Authorization'",
    "the type must be 'OAuth' or 'ZStack'",
    "OAuth sessions and Basic authentication are explained below.",
    "ZStack endpoint: http://zstack.example.com:8080/zstack did not answer",
    "ZStack http://zstack.example.com:8080 did not answer",
    "https://host:8080/path?mail=a@b",
    "https%3A%2F%2Fhost%2Fpath%3Fmail%3Da%40b",
    "https%3A%2F%2Fhost%3Fmail%3Da%40b",
    "design=modern&assignment=3&SignatureVersion=1.0",
    "SECONDARY and SEC0123 are short; SECTION too",
    "the access token, the password and the signature",
    "安全告警 值班 +86-13800000000",
    "",
  ])("ordinary text stays: %s", (text) => {
    expect(redact(text)).toBe(text);
    expect(createRedactor().redact(text)).toBe(text);
  });

  test("masking twice changes nothing more", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "access_token",
        "sign",
        "Signature",
        "secret",
        "Authorization",
        "SendUrl",
        "OAuth ",
        "ZStack ",
      ),
      fc.constantFrom(
        "=",
        "%3D",
        "%253D",
        "&",
        "%26",
        ": ",
        ":",
        '"',
        '\\"',
        "'",
        "\\",
        " ",
        "\n",
        "@",
        "://",
        "/",
        "http",
      ),
      fc.constantFrom(
        MASK,
        "[",
        "]",
        "abc123",
        SESSION,
        SIGNING_SECRET,
        "/accounts/sessions/",
        "Basic ",
        "Bearer ",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = redact(pieces.join(""));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, string]>([
    ["quotes", 'password="'],
    ["backslashes", "\\"],
    ["encoded equals signs", "secret%3D"],
    ["schemes", "a://"],
    ["percent signs", "%25"],
    ["user names", "http://a:"],
  ])("a long run of %s is handled in linear time or nearly so", (_title, unit) => {
    const text = unit.repeat(2_000);
    expect(redact(redact(text))).toBe(redact(text));
  });
});

describe("secrets by their value", () => {
  /** Characters that escape, encode or mean something to a regular expression, and ordinary ones. */
  const character = fc.oneof(
    fc.constantFrom(..."\"\\/'` &=%+?#@:;,.*()[]{}|^$-_~!<>\n\r\t\b\f\u0000\u2028é密😀"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  );
  const value = fc
    .string({ unit: character, minLength: 4, maxLength: 24 })
    .filter((text) => text.length >= 4 && !MASK.includes(text) && !/[redact[\]]/.test(text));

  const json = (text: string): string => JSON.stringify(text).slice(1, -1);
  const asciiJson = (text: string): string =>
    json(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const strict = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*~]/g, (unit) => `%${unit.charCodeAt(0).toString(16)}`);
  const form = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2);

  test.each<[string, (text: string) => string]>([
    ["plain", (text) => text],
    ["JSON-escaped", json],
    ["JSON-escaped in ASCII", asciiJson],
    ["JSON-escaped twice", (text) => json(json(text))],
    ["percent-encoded", encodeURIComponent],
    ["strictly percent-encoded", strict],
    ["percent-encoded twice", (text) => strict(encodeURIComponent(text))],
    ["form-encoded", form],
    ["JSON-escaped and then percent-encoded", (text) => encodeURIComponent(json(text))],
    ["percent-encoded and then JSON-escaped", (text) => json(encodeURI(text))],
    [
      "in a URL that was parsed",
      (text) => new URL(`http://h/?v=${encodeURIComponent(text)}`).search.slice(3),
    ],
  ])("a registered value never survives: %s", (_title, encode) => {
    fc.assert(
      fc.property(
        value,
        fc.string({ maxLength: 6 }),
        fc.string({ maxLength: 6 }),
        (secret, before, after) => {
          const redactor = createRedactor();
          redactor.add(secret);
          const text = `${before} ${encode(secret)} ${after}`;
          const clean = redactor.redact(text);
          expect(clean).not.toContain(encode(secret));
          expect(clean).not.toContain(secret);
          expect(clean).toContain(MASK);
          expect(redactor.redact(clean)).toBe(clean);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the longest value goes first", () => {
    const redactor = createRedactor();
    redactor.add("pass");
    redactor.add("passphrase");
    expect(redactor.redact("a passphrase and a pass")).toBe("a [redacted] and a [redacted]");
  });

  test("values registered later count from then on", () => {
    const redactor = createRedactor();
    redactor.add("first-value");
    expect(redactor.redact("first-value second-value")).toBe("[redacted] second-value");
    redactor.add("second-value");
    expect(redactor.redact("first-value second-value")).toBe("[redacted] [redacted]");
  });

  test.each([[undefined], [""], ["abc"], ["redacted"], [MASK]])("%j is not registered", (ignored) => {
    const redactor = createRedactor();
    redactor.add(ignored);
    expect(redactor.redact("abc redacted [redacted]")).toBe("abc redacted [redacted]");
  });

  test("forms are masked as well", () => {
    const redactor = createRedactor();
    redactor.add("hunter22");
    expect(redactor.redact("hunter22 access_token=abc")).toBe("[redacted] access_token=[redacted]");
  });
});
