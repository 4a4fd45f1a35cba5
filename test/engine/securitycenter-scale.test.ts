import type { Emulator } from "../../emulator";
import {
  type Bag,
  type ProviderProcess,
  secret,
  type SecretValue,
  startProviderProcess,
} from "./provider-process";
import { WEBHOOK } from "./support/lab";
import { changesAt, HIGH_RISK, keysOf, namesOf, startSecurityCenter } from "./support/robot-lab";

jest.setTimeout(180_000);

const ROBOTS = 100;
/** So many are there before the others are created: the pace of five calls a second makes each create dear. */
const THERE = 70;
const ROWS_ON_A_PAGE = 20;
const PAGES = ROBOTS / ROWS_ON_A_PAGE;
/** As many as the engine has under way at once on two cores. */
const AT_ONCE = 8;
const LIST = "DescribeDingTalk";
/** Not taken from the code under test: a stack has such a text for ever. */
const STUB =
  'exports.handler=()=>require("pulumi-dingtalk/runtime").resource("securitycenter:DingTalkRobot")';

const declared = (index: number): Bag => ({
  name: `robot ${index}`,
  webhookUrl: secret(`${WEBHOOK}-${index}`),
  alertRules: [HIGH_RISK],
  __dingtalk: { v: 1, key: index.toString(16).padStart(64, "0"), name: `robot-${index}` },
  __provider: STUB,
});

let emulator: Emulator;
/** A new one for each command, as the engine has it. */
let provider: ProviderProcess;
beforeAll(async () => {
  emulator = await startSecurityCenter({ securitycenter: { china: { maxPageSize: ROWS_ON_A_PAGE } } });
});
beforeEach(async () => {
  provider = await startProviderProcess({ env: keysOf(emulator) });
  await provider.configure({
    "securitycenter:site": "china",
    "securitycenter:endpoint": emulator.securitycenter.china.url,
  });
});
afterEach(() => provider.dispose());
afterAll(() => emulator.close());

test("thirty robots created beside seventy take one create each and shared lists", async () => {
  for (let index = 0; index < THERE; index++) {
    const { name, webhookUrl } = declared(index);
    emulator.securitycenter.china.robots.add({
      actionName: String(name),
      url: String((webhookUrl as SecretValue).secretValue),
    });
  }
  const waiting = Array.from({ length: ROBOTS - THERE }, (_, index) => THERE + index);
  const made: string[] = [];
  const worker = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const { inputs, failures } = await provider.check({}, declared(index));
      expect(failures).toEqual([]);
      made.push((await provider.create(inputs)).id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(namesOf(emulator)).toHaveLength(ROBOTS);
  expect(new Set(made).size).toBe(ROBOTS - THERE);
  const { journal } = emulator;
  expect(changesAt(emulator)).toEqual(made.map(() => "create"));
  // If every create read its own lists before and after, that would be ten pages for each.
  expect(journal.count(LIST)).toBeLessThan(2 * made.length);
});

const idsThere = (): string[] => emulator.securitycenter.china.robots.list().map(({ id }) => String(id));

const readAll = (ids: readonly string[]): Promise<string[]> =>
  Promise.all(ids.map(async (id, index) => (await provider.read(id, declared(index))).id));

test("a refresh of a hundred robots reads one list for all of them", async () => {
  const ids = idsThere();
  expect(ids).toHaveLength(ROBOTS);
  emulator.journal.clear();
  expect(await readAll(ids)).toEqual(ids);
  expect(emulator.journal.operations()).toEqual(Array.from({ length: PAGES }, () => LIST));
});

test("no row that moves while the list is read makes a robot look gone", async () => {
  const { journal, securitycenter } = emulator;
  const ids = idsThere();
  journal.clear();
  const rule = securitycenter.china.faults.add({
    operation: LIST,
    after: 2,
    times: 2,
    fault: { kind: "rowsMove", by: "insert" },
  });
  expect(await readAll(ids)).toEqual(ids);
  expect(rule.fired).toBe(2);
  // The list is read again until its pages agree: a second time here, with one page more.
  expect(journal.count(LIST)).toBeLessThanOrEqual(3 * (PAGES + 1));
});
