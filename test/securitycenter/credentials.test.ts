import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { start, type Emulator } from "../../emulator";
import { createCredentials } from "../../provider/securitycenter/credentials/credentials";
import { readSecurityCenterSettings } from "../../provider/securitycenter/settings/settings";
import { whatTheChainSays, type KeyChain } from "../../provider/securitycenter/credentials/vendor-chain";
import { startHttpServer, type LocalServer } from "../support/local-server";
import { benchFor, failureOf, type Bench } from "../support/securitycenter";

/** A home and an environment of our own: nobody's keys are found, and no metadata address is asked. */
let home: string;
const saved = { ...process.env };
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "securitycenter-home-"));
  for (const name of Object.keys(process.env).filter((one) => /^(ALIBABA|ALICLOUD)/.test(one))) {
    delete process.env[name];
  }
  jest.spyOn(jest.requireActual<typeof os>("node:os"), "homedir").mockReturnValue(home);
  process.env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true";
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(home, { recursive: true, force: true });
  process.env = { ...saved };
});

function write(file: string, content: unknown): string {
  const full = path.join(home, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content));
  return full;
}

/** The credentials of a connection that is configured like this, in this process's environment. */
function credentials(
  config: Record<string, string> = {},
  secrets: string[] = [],
): ReturnType<typeof createCredentials> {
  const settings = readSecurityCenterSettings(
    (key) => ({ "securitycenter:site": "china", ...config })[key],
    process.env,
  );
  return createCredentials(settings.credentials, { onSecret: (value) => secrets.push(value) });
}

const AK = { name: "work", mode: "AK", access_key_id: "LTAIwork", access_key_secret: "workSecret" };
const STS = {
  name: "sts",
  mode: "StsToken",
  access_key_id: "STS.1",
  access_key_secret: "stsSecret",
  sts_token: "stsToken",
};
const PROFILES = { current: "work", profiles: [AK, STS] };
const INI =
  "[default]\nenable=true\ntype=access_key\naccess_key_id=LTAIini\naccess_key_secret=iniSecret\n\n[other]\ntype=access_key\naccess_key_id=LTAIother\naccess_key_secret=otherSecret\n";

const HINT =
  "Set alicloud:accessKey and alicloud:secretKey, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or make one source of the default chain work: RRSA (OIDC), a profile in ~/.aliyun/config.json, ~/.alibabacloud/credentials, the RAM role of an ECS instance, or ALIBABA_CLOUD_CREDENTIALS_URI.";

describe("keys are found", () => {
  test("outright, without the vendor's library", async () => {
    process.env["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAIenv";
    process.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "envSecret";
    expect(await credentials().get()).toMatchObject({ accessKeyId: "LTAIenv" });
    const loaded = Object.keys(require.cache).filter((file) => file.includes("@alicloud/credentials"));
    expect(loaded).toEqual([]);
  });

  test("in the current profile of the aliyun command", async () => {
    write(".aliyun/config.json", PROFILES);
    expect(await credentials().get()).toEqual({ accessKeyId: "LTAIwork", accessKeySecret: "workSecret" });
  });

  test("in a profile that the stack config names, with its token", async () => {
    write(".aliyun/config.json", PROFILES);
    expect(await credentials({ "alicloud:profile": "sts" }).get()).toEqual({
      accessKeyId: "STS.1",
      accessKeySecret: "stsSecret",
      securityToken: "stsToken",
    });
  });

  test.each(["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"])("in a profile that %s names", async (variable) => {
    write(".aliyun/config.json", PROFILES);
    process.env[variable] = "sts";
    expect(await credentials().get()).toMatchObject({ accessKeyId: "STS.1" });
  });

  test("in another file of profiles that ALICLOUD_SHARED_CREDENTIALS_FILE names", async () => {
    process.env["ALICLOUD_SHARED_CREDENTIALS_FILE"] = write("elsewhere.json", PROFILES);
    expect(await credentials().get()).toMatchObject({ accessKeyId: "LTAIwork" });
    expect(await credentials({ "alicloud:profile": "sts" }).get()).toMatchObject({ accessKeyId: "STS.1" });
  });

  test("in that file under the home folder", async () => {
    write("elsewhere.json", PROFILES);
    process.env["ALICLOUD_SHARED_CREDENTIALS_FILE"] = "~/elsewhere.json";
    expect(await credentials().get()).toMatchObject({ accessKeyId: "LTAIwork" });
  });

  test("in the ini file, by default and by profile", async () => {
    write(".alibabacloud/credentials", INI);
    expect(await credentials().get()).toMatchObject({ accessKeyId: "LTAIini" });
    expect(await credentials({ "alicloud:profile": "other" }).get()).toMatchObject({
      accessKeyId: "LTAIother",
    });
  });

  test("in another ini file that ALIBABA_CLOUD_CREDENTIALS_FILE names", async () => {
    process.env["ALIBABA_CLOUD_CREDENTIALS_FILE"] = write("creds.ini", INI);
    expect(await credentials().get()).toMatchObject({ accessKeyId: "LTAIini" });
  });

  test("in the ini file when the aliyun command is turned off", async () => {
    write(".aliyun/config.json", { current: "other", profiles: [{ ...AK, name: "other" }] });
    write(".alibabacloud/credentials", INI);
    process.env["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] = "true";
    expect(await credentials({ "alicloud:profile": "other" }).get()).toMatchObject({
      accessKeyId: "LTAIother",
    });
  });

  test("by a command of a profile of mode External", async () => {
    const answer = { mode: "AK", access_key_id: "LTAIcommand", access_key_secret: "commandSecret" };
    const file = write("answer.json", answer);
    write(".aliyun/config.json", {
      current: "command",
      profiles: [{ name: "command", mode: "External", process_command: `cat ${file}` }],
    });
    expect(await credentials().get()).toMatchObject({ accessKeyId: "LTAIcommand" });
  });
});

describe("keys that are not found", () => {
  test("are an error that says where they were looked for, and the next attempt looks everywhere again", async () => {
    const none = credentials();
    const failure = await failureOf(none.get());
    expect(failure.name).toBe("ConfigError");
    expect(failure.message).toBe(
      `No Alibaba Cloud credentials were found.\nDetails: unable to get credentials from any of the providers in the chain: unable to get credentials from enviroment variables, Access key ID must be specified via environment variable (ALIBABA_CLOUD_ACCESS_KEY_ID), reading aliyun cli config from '${home}/.aliyun/config.json' failed., ENOENT: no such file or directory, access '${home}/.alibabacloud/credentials'\n${HINT}`,
    );
    write(".aliyun/config.json", PROFILES);
    expect(await none.get()).toMatchObject({ accessKeyId: "LTAIwork" });
  });

  test("are not replaced by those of another source when a profile is named", async () => {
    write(".aliyun/config.json", PROFILES);
    write(".alibabacloud/credentials", INI);
    const failure = await failureOf(credentials({ "alicloud:profile": "absent" }).get());
    expect(failure.message).toBe(
      `The Alibaba Cloud profile "absent" gives no credentials.\nDetails: Can not find credential type for "absent"\n${HINT}`,
    );
  });

  test("are an error when the named file does not exist, is no JSON or holds no profiles", async () => {
    process.env["ALICLOUD_SHARED_CREDENTIALS_FILE"] = path.join(home, "absent.json");
    expect((await failureOf(credentials().get())).message).toContain("absent.json cannot be read");
    process.env["ALICLOUD_SHARED_CREDENTIALS_FILE"] = write("text.json", 'access_key_secret="leakedSecret"');
    const text = await failureOf(credentials().get());
    expect(text.message).toContain("text.json is not JSON");
    expect(text.message).not.toContain("leaked");
    process.env["ALICLOUD_SHARED_CREDENTIALS_FILE"] = write("empty.json", {});
    expect((await failureOf(credentials().get())).message).toContain("empty.json holds no profiles");
  });

  test("never quote the file they were looked for in", async () => {
    write(
      ".aliyun/config.json",
      '{"current":"x","profiles":[{"sts_token":"leakedToken","access_key_secret":"leakedSecret"',
    );
    const failure = await failureOf(credentials().get());
    expect(failure.message).not.toContain("leaked");
  });
});

describe("what the vendor's library says", () => {
  test.each<[string, string]>([
    ["plain words", "plain words"],
    ["two\n  lines", "two lines"],
    [
      'parse aliyun cli config from \'f\' failed: {"profiles":[{"access_key_secret":"leaked"}]}, next one',
      "parse aliyun cli config from 'f' failed: …",
    ],
    ['failed: {"profiles":[{"access_key_secret":"leaked', "failed: …"],
    [
      'get sts token failed with OIDC: {"RequestId":"1","Code":"AuthenticationFail.OIDCToken.Expired","Message":"leaked"}',
      "get sts token failed with OIDC: AuthenticationFail.OIDCToken.Expired …",
    ],
    [
      "failed to execute external command: Command failed: get-keys --password leaked",
      "failed to execute external command …",
    ],
    [
      "failed to parse external command output: Unexpected token 'l', \"leaked\" is not valid JSON",
      "failed to parse external command output: not JSON …",
    ],
    [
      "ReadTimeout(10000). GET http://user:leaked@127.0.0.1/keys?token=leaked failed.",
      "ReadTimeout(10000). GET http://127.0.0.1/keys?… failed.",
    ],
  ])("%j is told without what it quotes", (said, told) => {
    expect(whatTheChainSays(new Error(said))).toBe(told);
  });

  test("is told in short", () => {
    const told = whatTheChainSays(new Error("word ".repeat(500)));
    expect(told.length).toBeLessThan(700);
    expect(told).toMatch(/^(?:word )+.*…/);
  });
});

describe("temporary keys", () => {
  let emulator: Emulator;
  let uri: LocalServer & { readonly url: string };
  let bench: Bench;
  let served: number;
  let hidden: object | undefined;
  beforeAll(async () => {
    emulator = await start({ seed: 3 });
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    emulator.reset();
    served = 0;
    hidden = undefined;
    uri = await startHttpServer((_request, response) => {
      served += 1;
      const { accessKeyId, accessKeySecret, securityToken, expiration } =
        emulator.securitycenter.issueStsToken();
      const body = hidden ?? {
        AccessKeyId: accessKeyId,
        AccessKeySecret: accessKeySecret,
        SecurityToken: securityToken,
        Expiration: expiration.replace(/\.\d{3}Z$/, "Z"),
      };
      response.end(JSON.stringify(body));
    });
    process.env["ALIBABA_CLOUD_CREDENTIALS_URI"] = `${uri.url}/keys?secret=leaked`;
    process.env["NO_PROXY"] = "*";
    bench = benchFor(emulator, "china", { credentials: { kind: "chain" } });
    bench.site.robots.add({ id: 1001, actionName: "one" });
  });
  afterEach(async () => {
    await bench.connection.close();
    await uri.close();
  });

  test("of a URI are asked for once, used for all calls, and known to the redactor", async () => {
    await Promise.all([bench.read("1001"), bench.read("1001")]);
    await bench.read("1001");
    expect(served).toBe(1);
    const [key] = emulator.securitycenter.accessKeys.rows().filter((row) => row.securityToken !== undefined);
    expect(new Set(bench.secrets)).toEqual(new Set([key?.accessKeySecret, key?.securityToken]));
    expect(emulator.journal.entries.every((entry) => entry.details?.["credential"] === "sts")).toBe(true);
    expect(await bench.connection.tenancy()).toEqual({
      site: "china",
      account: emulator.securitycenter.accountId,
    });
  });

  test("are renewed once when the service says that they are expired", async () => {
    await bench.read("1001");
    for (const key of emulator.securitycenter.accessKeys.rows()) {
      if (key.securityToken !== undefined) {
        emulator.securitycenter.accessKeys.edit(key.accessKeyId, { expiresMs: 1 });
      }
    }
    expect(await bench.read("1001")).toMatchObject({ name: "one" });
    expect(served).toBe(2);
    expect(emulator.journal.count()).toBe(3);
  });

  test("are renewed for a write as well, which is then made once", async () => {
    await bench.read("1001");
    for (const key of emulator.securitycenter.accessKeys.rows()) {
      if (key.securityToken !== undefined) {
        emulator.securitycenter.accessKeys.edit(key.accessKeyId, { expiresMs: 1 });
      }
    }
    await bench.connection.client.call({
      action: "DeleteDingTalk",
      parameters: { Ids: "1001" },
      changes: true,
    });
    expect(bench.site.robots.size).toBe(0);
    expect(served).toBe(2);
  });

  test("that stay refused are an error, not a loop", async () => {
    bench.site.faults.add({
      times: "always",
      fault: { kind: "apiError", code: "InvalidSecurityToken.Expired" },
    });
    const failure = await failureOf(bench.read("1001"));
    expect(failure.message).toMatch(
      /^DescribeDingTalk failed: the temporary keys are not accepted\.\nAction: DescribeDingTalk\nCode: InvalidSecurityToken\.Expired\nRequestId: [0-9A-F-]{36}\nMessage: .*\nGet new ones, and run the command again: STS tokens expire\.$/,
    );
    expect(emulator.journal.count()).toBe(2);
  });

  test("that were given outright are an error when they expire: there are no others", async () => {
    const keys = emulator.securitycenter.issueStsToken({ durationSeconds: 0 });
    const explicit = benchFor(emulator, "china", { credentials: { kind: "keys", keys } });
    const failure = await failureOf(explicit.read("1001"));
    expect(failure).toMatchObject({ apiCode: "InvalidSecurityToken.Expired" });
    expect(emulator.journal.count()).toBe(1);
    await explicit.connection.close();
  });

  test("whose source answers nonsense are an error without the answer", async () => {
    hidden = { Code: "Denied", AccessKeySecret: "leakedSecret" };
    const failure = await failureOf(bench.read("1001"));
    expect(failure.name).toBe("ConfigError");
    expect(failure.message).toContain("Denied …");
    expect(failure.message).not.toContain("leaked");
    expect(emulator.journal.count()).toBe(0);
  });
});

describe("keys that several calls want at once", () => {
  test("are asked for once, and a refusal of older ones renews nothing", async () => {
    let asked = 0;
    let loaded = 0;
    const chain: KeyChain = {
      getCredentials: () => {
        asked += 1;
        return Promise.resolve({ accessKeyId: `id-${loaded}`, accessKeySecret: "secret" });
      },
    };
    const keys = createCredentials(
      { kind: "chain" },
      {
        loadChain: () => {
          loaded += 1;
          return chain;
        },
      },
    );
    const [first, second] = await Promise.all([keys.get(), keys.get()]);
    expect([asked, loaded]).toEqual([1, 1]);
    expect(second).toBe(first);
    expect(keys.renew(first)).toBe(true);
    expect(await keys.get()).toMatchObject({ accessKeyId: "id-2" });
    expect(keys.renew(first)).toBe(true);
    expect(await keys.get()).toMatchObject({ accessKeyId: "id-2" });
    expect(loaded).toBe(2);
  });
});
