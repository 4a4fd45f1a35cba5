/** The table of what is refused before any call: every rule of every argument, of every setting and of every variable. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Emulator, start } from "../../emulator";
import { Findings } from "../../provider/core/fields/findings";
import { SettingsReader } from "../../provider/core/settings/settings";
import { variablesOf } from "../../provider/core/settings/table";
import { clouds } from "../../provider/clouds";
import { resource } from "../../provider/runtime";
import { ROOT } from "../engine/layout";
import { connectionOf } from "../engine/support/lab";
import { keysOf } from "../engine/support/robot-lab";
import { publishFigures } from "./report";
import { BAD_ARGUMENTS, BAD_ID, GOOD_ARGUMENTS } from "./support/bad-arguments";
import { BAD_SETTINGS } from "./support/bad-settings";
import { planted, SECRETS } from "./support/error-views";
import { allDefinitions } from "./support/all-definitions";

const TOKENS = allDefinitions().map(({ token }) => token);
const ARGUMENTS = TOKENS.flatMap((token) =>
  (BAD_ARGUMENTS[token] ?? []).map(
    ([what, args, said, recorded = {}]) => [token, what, args, said, recorded] as const,
  ),
);
const SETTINGS = Object.entries(BAD_SETTINGS).flatMap(([token, rows]) =>
  rows.map((row) => [token, ...row] as const),
);
const BAG = { v: 1, key: "ab".repeat(32), name: "duty" };

let emulator: Emulator;
/** Where in the sources something was refused, as `file:line`. */
const reached = new Set<string>();

beforeAll(async () => {
  emulator = await start({
    zstack: { accountPassword: SECRETS.password },
    securitycenter: { accessKeySecret: SECRETS.keySecret },
  });
  noteCallers(Findings.prototype, "refuse");
  noteCallers(SettingsReader.prototype, "problem");
  noteCallers(SettingsReader.prototype, "complain");
});
afterAll(() => emulator.close());
beforeEach(() => emulator.journal.clear());
afterEach(() => {
  expect(emulator.journal.entries).toEqual([]);
});

function noteCallers<Name extends string>(owner: Record<Name, (...args: never[]) => void>, name: Name): void {
  const original = owner[name];
  jest.spyOn(owner as never, name as never).mockImplementation(function (this: unknown, ...args: never[]) {
    const [, file, line] = /provider\/([\w./-]+\.ts):(\d+)/.exec(new Error("here").stack ?? "") ?? [];
    reached.add(`${file}:${line}`);
    original.apply(this, args);
  } as never);
}

test.each(ARGUMENTS)("%s, %s: is refused in these words", async (token, _what, args, said, recorded) => {
  const news = { ...GOOD_ARGUMENTS[token], ...args, __dingtalk: BAG, __provider: "stub" };
  const { failures = [] } = (await (await connected(token)).check?.({ ...recorded }, news)) ?? {};
  expect(failures.map(({ reason }) => reason)).toEqual(said);
  // The engine would print the value of a property that is named.
  expect(failures.every(({ property }) => property === "")).toBe(true);
  expect(planted.foundIn(JSON.stringify(failures))).toEqual([]);
});

test.each(Object.entries(GOOD_ARGUMENTS))(
  "%s: what the rows change was right before",
  async (token, args) => {
    const news = { ...args, __dingtalk: BAG, __provider: "stub" };
    expect(await (await connected(token)).check?.({}, news)).toMatchObject({ failures: [] });
  },
);

test.each(TOKENS)("%s: an id that cannot be one is refused before anything is read", async (token) => {
  const read = resource(token).read?.("abc", { __dingtalk: BAG });
  await expect(read).rejects.toThrow(BAD_ID[token]);
});

type Front = ReturnType<typeof resource>;

/** With good settings, so that only the arguments are wrong. */
async function connected(token: string): Promise<Front> {
  const front = resource(token);
  const { config } = goodSettings("config");
  await front.configure?.({ config: { get: (key: string) => config[key] } } as never);
  return front;
}

type Values = Record<string, string | undefined>;
const OF_CLOUDS = /^(ZSTACK|SECURITYCENTER|ALIBABA_?CLOUD|ALICLOUD|ALIYUN)_|_proxy$/i;

/** Good settings, all of the connection from one source. */
function goodSettings(source: "config" | "environment"): { config: Values; environment: Values } {
  const { china } = emulator.securitycenter;
  const config = { "securitycenter:site": "china", "securitycenter:endpoint": china.url };
  const environment = { ...connectionOf(emulator), ...keysOf(emulator) };
  if (source === "environment") {
    return { config, environment };
  }
  return {
    config: {
      ...config,
      "zstack:endpoint": environment["ZSTACK_ENDPOINT"],
      "zstack:accountName": environment["ZSTACK_ACCOUNT_NAME"],
      "zstack:accountPassword": environment["ZSTACK_ACCOUNT_PASSWORD"],
      "alicloud:accessKey": environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
      "alicloud:secretKey": environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    },
    environment: {},
  };
}

/** What a read under these settings ends with. */
async function readUnder(token: string, config: Values, environment: Values): Promise<string> {
  const before = Object.entries(process.env).filter(([name]) => OF_CLOUDS.test(name));
  for (const [name] of before) {
    delete process.env[name];
  }
  const given = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  Object.assign(process.env, Object.fromEntries(given));
  try {
    const front = resource(token);
    await front.configure?.({ config: { get: (key: string) => config[key] } } as never);
    const id = token.startsWith("zstack") ? "a".repeat(32) : "1001";
    return await (front.read?.(id, { __dingtalk: BAG }) ?? Promise.reject(new Error("no read"))).then(
      () => "",
      (error: Error) => error.message,
    );
  } finally {
    for (const [name] of given) {
      delete process.env[name ?? ""];
    }
    Object.assign(process.env, Object.fromEntries(before));
  }
}

test.each(SETTINGS)(
  "%s, by %s, %s: is refused in these words",
  async (token, source, _what, values, said) => {
    const { config, environment } = goodSettings(source);
    // A name with a colon is one of the config, also where the rest comes from the environment.
    for (const [name, value] of Object.entries(values)) {
      (name.includes(":") ? config : environment)[name] = value;
    }
    const message = await readUnder(token, config, environment);
    const [first, ...more] = message.split("\n");
    expect(first).toBe(said);
    expect(more).not.toEqual([]);
    expect(planted.foundIn(message)).toEqual([]);
  },
);

describe("the table is whole:", () => {
  test("about as many rows as there are rules", () => {
    expect(ARGUMENTS.length + SETTINGS.length).toBeGreaterThan(200);
  });

  // If one is missing here: add its rows to support/bad-arguments.ts.
  test.each(allDefinitions().map((one) => [one.token, one] as const))(
    "every argument of %s has a row, and everything it refuses by name",
    (token, { fields, outputs, refusedArguments = {} }) => {
      const said = (BAD_ARGUMENTS[token] ?? []).flatMap(([, , texts]) => texts);
      const names = [fields, outputs, refusedArguments].flatMap((one) => Object.keys(one));
      const missing = names.filter((name) => !said.some((text) => new RegExp(`^${name}[.:[]`).test(text)));
      expect(missing).toEqual([]);
    },
  );

  // If one is missing here: add its row to support/bad-settings.ts.
  test("every setting has a row, and every variable", () => {
    const used = new Set(SETTINGS.flatMap(([, , , values]) => Object.keys(values)));
    const names = clouds.flatMap(({ settings: { settings } }) => [
      ...Object.values(settings).map(({ key }) => key),
      ...variablesOf(settings),
    ]);
    expect(names.filter((name) => !used.has(name))).toEqual([]);
  });

  test("every line of the sources that refuses something was reached", () => {
    const lines = fs
      .readdirSync(path.join(ROOT, "provider"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const text = fs.readFileSync(path.join(ROOT, "provider", file), "utf8").split("\n");
        return text.flatMap((line, index) =>
          /\b(?:findings|reader|this)\.(?:refuse|problem|complain)\(/.test(line)
            ? [`${file}:${index + 1}`]
            : [],
        );
      });
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter((line) => !reached.has(line))).toEqual([]);
    publishFigures("bad-input", { rows: ARGUMENTS.length + SETTINGS.length });
  });
});
