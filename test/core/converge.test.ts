import { converge, goneError, type Convergence } from "../../provider/core/lifecycle/converge";
import { IncompleteError, InputError, NetworkError, WrongTenancyError } from "../../provider/core/errors";
import { flag, text } from "../../provider/core/fields/field-types";
import { defineFields } from "../../provider/core/fields/fields";

const fields = defineFields({
  name: { type: text(), change: "update" },
  on: { type: flag(), default: true, change: "update" },
});
const REFUSED = new NetworkError("no answer", { outcome: "unknown" });
const UNREADABLE = new NetworkError("not readable", { outcome: "unknown" });

type State = Record<string, unknown>;

function convergence(task: Partial<Convergence<State>>): Promise<State> {
  return converge<State>({
    service: "Cloud",
    id: "1",
    fields,
    inputs: { name: "n" },
    change: async () => undefined,
    readBack: async () => ({ name: "n" }),
    gone: () => goneError("thing", "1"),
    ...task,
  });
}

async function failureOf(task: Partial<Convergence<State>>): Promise<Error> {
  return convergence(task).then(
    () => {
      throw new Error("it did not fail");
    },
    (error: Error) => error,
  );
}

test("an object that is as declared is given as the server has it", async () => {
  expect(await convergence({ readBack: async () => ({ name: "n", on: true, made: "today" }) })).toEqual({
    name: "n",
    on: true,
    made: "today",
  });
});

test("reading back is told whether the change succeeded", async () => {
  const readBack = jest.fn(async () => ({ name: "n" }));
  await convergence({ readBack });
  await failureOf({ readBack, change: () => Promise.reject(REFUSED) });
  expect(readBack.mock.calls).toEqual([[true], [false]]);
});

test("a change that fails keeps the object, with what the server has", async () => {
  const error = await failureOf({
    change: () => Promise.reject(REFUSED),
    readBack: async () => ({ name: "half" }),
  });
  expect(error).toBeInstanceOf(IncompleteError);
  expect(error).toMatchObject({ id: "1", state: { name: "half" }, reasons: ["no answer"], cause: REFUSED });
});

test("a change that is accepted and not kept is told by property", async () => {
  const error = await failureOf({ readBack: async () => ({ name: "other", on: false }) });
  expect(error).toMatchObject({
    name: "IncompleteError",
    state: { name: "other", on: false },
    reasons: [
      "name: Cloud accepted the change, but still has another value. Run the command again; if it stays, Cloud does not keep what is declared: declare what it has.",
      "on: Cloud accepted the change, but still has another value. Run the command again; if it stays, Cloud does not keep what is declared: declare what it has.",
    ],
  });
});

test.each([
  ["bad input", new InputError("too long")],
  ["another place", new WrongTenancyError("elsewhere")],
])("%s is an error of its own: nothing was changed, so nothing is kept", async (_what, refusal) => {
  const readBack = jest.fn();
  expect(await failureOf({ change: () => Promise.reject(refusal), readBack })).toBe(refusal);
  expect(readBack).not.toHaveBeenCalled();
});

test.each<[string, Partial<Convergence<State>>, Error]>([
  ["a failed change goes before a failed reading", { change: () => Promise.reject(REFUSED) }, REFUSED],
  ["a failed reading is thrown as it is", {}, UNREADABLE],
])("%s", async (_what, task, expected) => {
  expect(await failureOf({ ...task, readBack: () => Promise.reject(UNREADABLE) })).toBe(expected);
});

test("an object that was just made is kept as assumed when it cannot be read", async () => {
  const assumed = { name: "n" };
  const readBack = () => Promise.reject(UNREADABLE);
  expect(await failureOf({ assumed, readBack })).toMatchObject({ state: assumed, reasons: ["not readable"] });
  expect(await failureOf({ assumed, readBack, change: () => Promise.reject(REFUSED) })).toMatchObject({
    state: assumed,
    reasons: ["no answer", "not readable"],
    cause: REFUSED,
  });
});

test("an object that was just made is kept as assumed when it is not found, or else the next create would make a twin", async () => {
  const assumed = { name: "n" };
  const kept = {
    name: "IncompleteError",
    id: "1",
    state: assumed,
    message:
      "It was made as 1, but is not found: it was deleted at once, or this identity may not see it. Look for it in the console, as another account if need be; then give this one the right to see it, or run `pulumi refresh` if it is gone.",
  };
  const readBack = async () => undefined;
  expect(await failureOf({ assumed, readBack })).toMatchObject(kept);
  const change = () => Promise.reject(goneError("thing", "1"));
  expect(await failureOf({ assumed, readBack, change })).toMatchObject(kept);
});

test("an object that is gone is told with the way out", async () => {
  expect(await failureOf({ readBack: async () => undefined })).toMatchObject({
    name: "InputError",
    message:
      "The thing 1 was deleted outside Pulumi.\n" +
      "Run `pulumi refresh`, then `pulumi up` to create it again; or `pulumi up --refresh`, which does both.",
  });
  const change = () => Promise.reject(REFUSED);
  expect(await failureOf({ change, readBack: async () => undefined })).toBe(REFUSED);
});

test("what is no error is made one", async () => {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do such things
  expect(await failureOf({ change: () => Promise.reject("text") })).toMatchObject({ reasons: ["text"] });
});

test("the state of an unfinished object is not printed with the error", async () => {
  const error = await failureOf({ readBack: async () => ({ name: "cAnArY" }) });
  expect(JSON.stringify(error) + String(error) + Object.keys(error).join()).not.toContain("cAnArY");
});
