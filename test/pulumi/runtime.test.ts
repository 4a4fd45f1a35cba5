import { resource } from "../../provider/runtime";

/** What every stack's state calls by name, for ever. */

test.each(["zstack:DingTalkEndpoint", "securitycenter:DingTalkRobot"])(
  "%s has one lifecycle per process",
  (token) => {
    const front = resource(token);
    expect(resource(token)).toBe(front);
    for (const method of ["check", "diff", "create", "read", "update", "delete", "configure"] as const) {
      expect(typeof front[method]).toBe("function");
    }
  },
);

test.each([
  ["zstack:DingTalkEndpont", ' Did you mean "zstack:DingTalkEndpoint"?'],
  ["aws:Bucket", ""],
  ["", ""],
])("a resource %p of a newer release is named, with the way out", (token, guess) => {
  expect(() => resource(token)).toThrow(
    new Error(
      `This release of pulumi-dingtalk has no resource "${token}".${guess}\nThe stack was written by a newer release: update the package.`,
    ),
  );
});

test("a missing setting is told at the first call, with every way to set it", async () => {
  const front = resource("zstack:DingTalkEndpoint");
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("ZSTACK_")) {
      delete process.env[name];
    }
  }
  try {
    void front.configure?.({ config: { get: () => undefined } } as never);
    await expect(front.read?.("917f2b0c4d8e4f6a8b1c2d3e4f5a6b7c", {})).rejects.toThrow(
      /^The connection to ZStack is not set up: No endpoint is given\. No credentials are given\.\nSet one of these:\n/,
    );
  } finally {
    Object.assign(process.env, before);
  }
});
