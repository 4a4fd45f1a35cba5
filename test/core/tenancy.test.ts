import { WrongTenancyError } from "../../provider/core/errors";
import {
  inWords,
  isSameTenancy,
  requireSameTenancy,
  type Tenancy,
} from "../../provider/core/lifecycle/tenancy";

const HERE: Tenancy = { site: "http://10.0.0.5:8080/zstack", account: "a1" };

test.each<[string, Tenancy, Tenancy, boolean]>([
  ["the same", HERE, { ...HERE }, true],
  ["another site", HERE, { ...HERE, site: "http://10.0.0.6:8080/zstack" }, false],
  ["another account", HERE, { ...HERE, account: "a2" }, false],
  ["an account that is not known on one side", HERE, { site: HERE.site }, true],
  ["no account on either side", { site: "x" }, { site: "x" }, true],
  ["another site without accounts", { site: "x" }, { site: "y" }, false],
])("places: %s", (_what, a, b, same) => {
  expect(isSameTenancy(a, b)).toBe(same);
  expect(isSameTenancy(b, a)).toBe(same);
});

test("absence in another place is refused with both places and the ways out", () => {
  const there = { site: "http://10.0.0.6:8080/zstack" };
  expect(() => requireSameTenancy("DingTalk endpoint 917f", HERE, there)).toThrow(
    new WrongTenancyError(
      [
        "DingTalk endpoint 917f was not found, but this connection is not the one it was made with.",
        "Recorded in: http://10.0.0.5:8080/zstack (account a1)",
        "Connected to: http://10.0.0.6:8080/zstack",
        "Nothing was changed. Point the connection back to where the object lives; or, if it really is gone there, remove it from the stack with `pulumi state delete`.",
      ].join("\n"),
    ),
  );
});

test("the error for another place has a class of its own, so that nobody takes it for gone", () => {
  expect(() => requireSameTenancy("x", HERE, { site: "y" })).toThrow(WrongTenancyError);
});

test("absence counts in the same place, and where no place is recorded", () => {
  expect(() => requireSameTenancy("x", HERE, { ...HERE })).not.toThrow();
  expect(() => requireSameTenancy("x", undefined, HERE)).not.toThrow();
});

test("a place in words names the account where it is known", () => {
  expect([inWords(HERE), inWords({ site: "china" })]).toEqual([
    "http://10.0.0.5:8080/zstack (account a1)",
    "china",
  ]);
});
