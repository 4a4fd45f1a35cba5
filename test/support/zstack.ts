import { start, type Emulator } from "../../emulator";
import { definitions } from "../../provider/zstack/definitions";
import { diff } from "../../provider/core/fields/diff";
import type { FieldTable, InputsOf, OutputTable, StateOf } from "../../provider/core/fields/fields";
import { IdMemory } from "../../provider/core/lifecycle/id-memory";
import type { Context, ResourceDefinition } from "../../provider/core/lifecycle/definition";
import { ZStackConnection } from "../../provider/zstack/connection";
import type { DingTalkEndpointInputs } from "../../provider/program/zstack-resources";
import { RECENT_MS } from "../../provider/core/transport/shared-read";
import type { ZStackSettings } from "../../provider/zstack/settings/settings";
import { fastClock, type FakeClock } from "./clocks";

export const WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=abc";

/** The definition whose lifecycle is under test. */
export const definition = definitions.DingTalkEndpoint;

/** Canonical inputs: what `check` makes of a program that says this much. */
export function inputsOf(given: Partial<DingTalkEndpointInputs> = {}): DingTalkEndpointInputs {
  return { name: "ops", webhookUrl: WEBHOOK, atAll: false, enabled: true, adopt: "never", ...given };
}

/** Settings for an emulator: its account, unless told otherwise. */
export function settingsFor(emulator: Emulator, more: Partial<ZStackSettings> = {}): ZStackSettings {
  const { accountName, accountPassword } = emulator.zstack;
  return {
    endpoint: `${emulator.url}/zstack`,
    credentials: { kind: "account", name: accountName, password: accountPassword },
    timezone: undefined,
    transport: { requestTimeoutMs: 10_000 },
    jobTimeoutMs: 300_000,
    ...more,
  };
}

/** The emulator's access key as credentials. */
export function accessKeyOf(emulator: Emulator): ZStackSettings["credentials"] {
  const { accessKeyId, accessKeySecret } = emulator.zstack;
  return { kind: "accessKey", id: accessKeyId, secret: accessKeySecret };
}

/** A connection that waits for nothing, with everything a lifecycle function needs. */
export interface Bench {
  readonly connection: ZStackConnection;
  readonly clock: FakeClock;
  readonly ids: IdMemory;
  readonly warnings: string[];
  readonly progress: string[];
  context(more?: Partial<Context<ZStackConnection>>): Context<ZStackConnection>;
}

export function benchFor(emulator: Emulator, more: Partial<ZStackSettings> = {}): Bench {
  const clock = fastClock();
  const connection = new ZStackConnection(settingsFor(emulator, more), clock);
  const ids = new IdMemory();
  const warnings: string[] = [];
  const progress: string[] = [];
  return {
    connection,
    clock,
    ids,
    warnings,
    progress,
    context: (others) => ({
      connection,
      clock,
      ids,
      signal: new AbortController().signal,
      log: {
        warn: (line) => warnings.push(line),
        note: (line) => progress.push(line),
        progress: (line) => progress.push(line),
      },
      identity: { key: "0".repeat(64), name: "ops" },
      recordedTenancy: undefined,
      ...others,
    }),
  };
}

/** What the tests of a file share; both are new for every test. */
export interface Shared {
  readonly emulator: Emulator;
  readonly bench: Bench;
  /** The names of the changing calls so far. */
  changes(): (string | undefined)[];
  /** A new run of the provider's process: what the last one remembered is gone, and the journal is empty. */
  nextRun(): Promise<void>;
}

const JOB_TIMEOUT_MS = 60_000;
/** Nothing waits here; a busy machine may still be slow. */
const TEST_TIMEOUT_MS = 30_000;

/** Starts an emulator for the tests of a file, empties it after each, and gives each a bench of its own. */
export function useEmulator(seed: number): Shared {
  let emulator: Emulator;
  let bench: Bench;
  jest.setTimeout(TEST_TIMEOUT_MS);
  beforeAll(async () => {
    emulator = await start({ seed, zstack: { locale: "en_US", pollsBeforeDone: 0 } });
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    bench = benchFor(emulator, { jobTimeoutMs: JOB_TIMEOUT_MS });
  });
  afterEach(async () => {
    await bench.connection.close();
    emulator.reset();
  });
  return {
    get emulator() {
      return emulator;
    },
    get bench() {
      return bench;
    },
    changes: () => emulator.journal.changing().map(({ operation }) => operation),
    nextRun: async () => {
      await bench.connection.close();
      bench = benchFor(emulator, { jobTimeoutMs: JOB_TIMEOUT_MS });
      emulator.journal.clear();
    },
  };
}

/** What a resource can be asked to do. */
export interface Lifecycle<Inputs, State> {
  create(inputs: Inputs, more?: More): Promise<{ id: string; state: State }>;
  read(id: string, recorded?: Partial<State>, more?: More): Promise<State | undefined>;
  update(id: string, recorded: Partial<State>, inputs: Inputs, more?: More): Promise<State>;
  remove(id: string, recorded?: Partial<State>, more?: More): Promise<void>;
  /** The fields in which a state differs from inputs. */
  changed(state: object | undefined, inputs: object, id?: string): readonly string[];
}

type More = Partial<Context<ZStackConnection>>;

/** Operations are so far apart that no read is recent. */
function later({ clock }: Bench): void {
  clock.pass(2 * RECENT_MS);
}

/** The lifecycle of one kind of resource, at the bench that is there when it is called. */
export function lifecycleOf<Fields extends FieldTable, Outputs extends OutputTable>(
  one: ResourceDefinition<Fields, Outputs, ZStackConnection>,
  bench: () => Bench,
): Lifecycle<InputsOf<Fields>, StateOf<Fields, Outputs>> {
  return {
    create: (inputs, more) => {
      later(bench());
      return one.create(bench().context(more), inputs);
    },
    read: (id, recorded = {}, more) => {
      later(bench());
      return one.read(bench().context(more), id, recorded);
    },
    update: (id, recorded, inputs, more) => one.update(bench().context(more), id, recorded, inputs),
    remove: (id, recorded = {}, more) => {
      later(bench());
      return one.delete(bench().context(more), id, recorded);
    },
    changed: (state, inputs, id) =>
      diff(one.fields, { ...state }, inputs as Record<string, unknown>, id).changed,
  };
}

/** The plain user tags and the tag patterns that the emulator has on an object. */
export function tagsOn(emulator: Emulator, resourceUuid: string): { userTags: string[]; tagUuids: string[] } {
  const tags = emulator.zstack.tags.list().filter((tag) => tag.resourceUuid === resourceUuid);
  return {
    userTags: tags
      .filter(({ tagPatternUuid }) => tagPatternUuid === undefined)
      .map(({ tag }) => tag)
      .sort(),
    tagUuids: tags.flatMap(({ tagPatternUuid }) => tagPatternUuid ?? []),
  };
}

/** The error of something that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error(`it did not fail, but gave ${JSON.stringify(result)}`);
}
