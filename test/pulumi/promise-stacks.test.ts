import * as pulumi from "@pulumi/pulumi";
import { zstack } from "../../provider";

/** Registering a resource must leave no trace in the errors of the program, although it goes without those of Pulumi's promises. */

const ARGS = { webhookUrl: "https://oapi.dingtalk.com/robot/send?access_token=t" };

beforeEach(() =>
  pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ inputs }) => ({ id: "1", state: inputs as object }),
  }),
);

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

test("errors after it have as many frames as before", () => {
  const before = Error.stackTraceLimit;
  new zstack.DingTalkEndpoint("duty", ARGS);
  expect(Error.stackTraceLimit).toBe(before);
});

test("what Pulumi refuses says where the resource was declared", () => {
  function declaredHere(): unknown {
    return new zstack.DingTalkEndpoint("", ARGS);
  }
  const before = Error.stackTraceLimit;
  const error = errorOf(declaredHere);
  expect(error.message).toContain("name");
  expect(error.stack).toContain("declaredHere");
  expect(Error.stackTraceLimit).toBe(before);
});

test("what a transformation throws says where", () => {
  function thrownHere(): undefined {
    throw new Error("no");
  }
  const error = errorOf(() => new zstack.DingTalkEndpoint("duty", ARGS, { transformations: [thrownHere] }));
  expect(error.stack).toContain("thrownHere");
});

test("the promises of a resource carry no stack: they cost more than all the rest", () => {
  const stacks: string[] = [];
  const define = jest.spyOn(Object, "defineProperty");
  new zstack.DingTalkEndpoint("other", ARGS);
  for (const [, name, { value }] of define.mock.calls) {
    if (name === "_debugStackTrace") {
      stacks.push(String(value));
    }
  }
  define.mockRestore();
  expect(stacks.length).toBeGreaterThan(50);
  expect(stacks.filter((stack) => stack.includes("\n"))).toEqual([]);
});
