/** Everything that can be printed of an error, of every class that the package defines: no planted secret is in it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { systemClock } from "../../provider/core/clock";
import { IncompleteError } from "../../provider/core/errors";
import { IdMemory } from "../../provider/core/lifecycle/id-memory";
import { createRedactor } from "../../provider/core/redact";
import { DynamicFront } from "../../provider/pulumi/process/dynamic-front";
import { HIDDEN_BAG } from "../../provider/pulumi/hidden-bag";
import { InitFailure } from "../../provider/pulumi/process/init-failure";
import { ROOT } from "../engine/layout";
import { planted, SECRETS, viewsOf } from "./support/error-views";
import { echoOf } from "./support/planted";
import { allDefinitions } from "./support/all-definitions";

const { webhook, signing, password, keySecret, stsToken, session } = SECRETS;

/** The secrets in the forms by which they are known without their values. */
const RECOGNISABLE = [
  webhook,
  encodeURIComponent(webhook),
  `SendUrl=${encodeURIComponent(webhook)}`,
  signing,
  JSON.stringify({ password, secret: signing, securityToken: stsToken }),
  `AccessKeySecret=${keySecret}`,
  `x-acs-security-token: ${stsToken}`,
  `DELETE /zstack/v1/accounts/sessions/${session}`,
  `Authorization: OAuth ${session}`,
].join("\n");

type ErrorClass = new (...args: unknown[]) => Error;

/** Every error class that a module of the provider exports, by name. */
function errorClasses(): Map<string, ErrorClass> {
  const found = new Map<string, ErrorClass>();
  for (const file of sources()) {
    for (const [name, value] of Object.entries(require(path.join(ROOT, "provider", file)) as object)) {
      if (typeof value === "function" && value.prototype instanceof Error) {
        found.set(name, value as ErrorClass);
      }
    }
  }
  return found;
}

function sources(): string[] {
  return fs
    .readdirSync(path.join(ROOT, "provider"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"));
}

const CLASSES = errorClasses();
/** Made of a refused connection and gone before `send` is left, as `canary-http.test.ts` shows. */
const INSIDE_HTTP = ["ConnectFailure"];
const ABSTRACT = ["ProviderError"];

const WHAT = "The call failed.";
/** What classes of errors are made of, each full of secrets where others' words or state belong. */
function instancesOf(Class: ErrorClass, words: string, cause?: Error): Error[] {
  const details = {
    hint: "Try again.",
    outcome: "unknown",
    code: "ODD",
    facts: { Details: words, Message: words, Status: 400 },
    cause,
  };
  const failure = { service: "ZStack", action: "CreateIt", apiCode: "SYS.1", requestId: "r", jobId: "j" };
  const reply = { status: 429, headers: { "set-cookie": words }, text: words };
  const state = { ...SECRETS, nested: [{ ...SECRETS }] };
  const shapes: unknown[][] = [
    [WHAT, details],
    [failure, WHAT, details],
    ["id-1", state, [WHAT], cause],
    [WHAT, "id-1", state, [WHAT]],
    [reply, WHAT, undefined],
    [WHAT, "NO", "r-1", "refused", 400, undefined, words],
  ];
  return shapes.flatMap((args) => {
    try {
      const error = new Class(...args);
      const isMisread = Object.values(error).some((value) => value === details || value === failure);
      return isMisread || !error.message.includes(WHAT) || error.message.includes("[object") ? [] : [error];
    } catch {
      // Not its shape.
      return [];
    }
  });
}

test("every error class is exported by its module, so that this suite finds it", () => {
  const declared = sources().flatMap((file) =>
    [
      ...fs
        .readFileSync(path.join(ROOT, "provider", file), "utf8")
        .matchAll(/class (\w+)[^{]*? extends \w*(?:Error|Failure|Trouble)\b/g),
    ].map(([, name]) => name),
  );
  expect(declared.length).toBeGreaterThan(10);
  expect([...CLASSES.keys()].sort()).toEqual([...new Set(declared)].sort());
});

const USUAL = [...CLASSES].filter(([name]) => ![...INSIDE_HTTP, ...ABSTRACT].includes(name));

test.each(USUAL)("%s shows no secret that is known by its form, and none that it carries", (_name, Class) => {
  const causes = USUAL.flatMap(([, Other]) => instancesOf(Other, RECOGNISABLE));
  const instances = [undefined, ...causes].flatMap((cause) => instancesOf(Class, RECOGNISABLE, cause));
  // A class that is made of other things than these: add what it is made of to `instancesOf`.
  expect(instances.length).toBeGreaterThan(0);
  for (const error of instances) {
    expect(planted.foundIn(viewsOf(error))).toEqual([]);
  }
});

describe("whatever a lifecycle throws, the engine sees no secret", () => {
  const redactor = createRedactor();
  const secretValues = Object.values(SECRETS);
  const BAG = { v: 1, key: "ab".repeat(32), name: "duty" };
  const given = {
    [HIDDEN_BAG]: BAG,
    __provider: "stub",
    webhookUrl: SECRETS.webhook,
    secret: SECRETS.signing,
  };

  async function thrownBy(work: () => Promise<unknown>): Promise<Error & Record<string, unknown>> {
    return work().then(
      () => Promise.reject(new Error("it did not fail")),
      (error: Error & Record<string, unknown>) => error,
    );
  }

  function frontThrowing(token: string, error: Error): DynamicFront {
    const definition = allDefinitions().find((one) => one.token === token);
    if (definition === undefined) {
      throw new Error(`no resource ${token}`);
    }
    const fail = (): Promise<never> => Promise.reject(error);
    const quiet = { progress: () => undefined, note: () => undefined, warn: () => undefined };
    return new DynamicFront(
      { ...definition, noun: "thing", create: fail, read: fail, update: fail, delete: fail },
      {
        clock: systemClock,
        run: (operation) => operation(),
        signal: new AbortController().signal,
        log: () => quiet,
        isNews: () => true,
        adviceOn: () => undefined,
        silence: () => undefined,
        redact: (text) => redactor.redact(text),
        addSecrets: (values) => values.forEach((value) => redactor.add(value as string)),
        connect: () => {
          // As the real ones do with what they log in with.
          for (const value of secretValues) {
            redactor.add(value);
          }
          const tenancy = async () => ({ site: "here" });
          return {
            verifySettings: () => undefined,
            ready: async () => undefined,
            tenancy,
            close: async () => undefined,
          };
        },
        ids: new IdMemory(),
      },
    );
  }

  const words = `${RECOGNISABLE} ${echoOf(...secretValues)}`;
  const plain: [string, Error[]][] = [
    [
      "a plain error",
      [new Error(words), Object.assign(new Error(words), { config: SECRETS, request: SECRETS })],
    ],
    ["an error with a cause", [new Error(words, { cause: new Error(words, { cause: SECRETS }) })]],
  ];
  const everyError = [...CLASSES]
    .filter(([name]) => !ABSTRACT.includes(name))
    .map(([name, Class]): [string, Error[]] => {
      const instances = instancesOf(Class, words, new Error(words, { cause: SECRETS }));
      return [name, instances.length > 0 ? instances : [new Class("service", new Error(words))]];
    });

  test.each(
    allDefinitions().flatMap(({ token: one }) =>
      [...plain, ...everyError].map(([name, errors]) => [one, name, errors] as const),
    ),
  )("%s: %s", async (one, _name, errors) => {
    for (const error of errors) {
      const front = frontThrowing(one, error);
      for (const work of [
        () => front.create(given),
        () => front.read("id-1", given),
        () => front.update("id-1", given, given),
        () => front.delete("id-1", given),
      ]) {
        expect(planted.foundIn(viewsOf(await thrownBy(work)))).toEqual([]);
      }
    }
  });

  test("an object that is not finished still reaches the engine, with its secrets in the envelope", async () => {
    const error = new IncompleteError("id-1", { ...SECRETS, webhookUrl: webhook }, [words]);
    const shown = await thrownBy(() => frontThrowing("zstack:DingTalkEndpoint", error).create(given));
    expect(shown).toBeInstanceOf(InitFailure);
    // By these names the dynamic provider process takes them.
    const { id, properties, reasons } = shown;
    expect(id).toBe("id-1");
    expect((properties as Record<string, unknown>)["webhookUrl"]).toMatchObject({ value: webhook });
    expect(planted.foundIn(JSON.stringify(reasons))).toEqual([]);
  });
});
