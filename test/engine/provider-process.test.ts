import {
  type ProviderCallError,
  type ProviderProcess,
  secret,
  startProviderProcess,
  UNKNOWN,
} from "./provider-process";

jest.setTimeout(30_000);

const STUB = `
const envelope = (value) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
exports.handler = () => ({
  configure(request) { this.region = request.config.get("cloud:region"); },
  check: async (olds, news) => ({
    inputs: { ...news, region: "" },
    failures: news.name === undefined ? [{ property: "", reason: "name is required" }] : [],
  }),
  diff: async (id, olds, news) => ({ changes: olds.name === news.name ? false : undefined, replaces: news.kind ? ["kind"] : [], deleteBeforeReplace: true }),
  async create(inputs) {
    console.log("creating " + inputs.name + " in " + this.region);
    if (inputs.name === "half") {
      throw Object.assign(new Error("not finished"), { id: "7", properties: { name: "half", token: envelope("t") }, reasons: ["first", "second"] });
    }
    return { id: "7", outs: { name: inputs.name, token: envelope(inputs.token), list: [envelope(1)] } };
  },
  read: async (id, props) => (id === "gone" ? {} : { id, props, inputs: { name: props.name } }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => { throw new Error("no permission"); },
});`;

describe("provider process", () => {
  let provider: ProviderProcess;
  beforeAll(async () => {
    provider = await startProviderProcess({ install: "none" });
    await provider.configure({ "cloud:region": "moon" });
  });
  afterAll(() => provider.dispose());

  test("check, diff, create, read, update speak plain objects and show secrets as such", async () => {
    expect(await provider.check({}, { __provider: STUB })).toEqual({
      inputs: { region: "", __provider: STUB },
      failures: [{ property: "", reason: "name is required" }],
    });
    expect((await provider.check({}, { __provider: STUB, name: UNKNOWN })).inputs["name"]).toBe(UNKNOWN);
    expect(await provider.diff("7", { name: "a" }, { name: "a", __provider: STUB })).toEqual({
      changes: false,
      replaces: [],
      deleteBeforeReplace: true,
    });
    expect(await provider.diff("7", { name: "a" }, { name: "b", kind: "x", __provider: STUB })).toMatchObject(
      { changes: undefined, replaces: ["kind"] },
    );
    expect(await provider.create({ name: "a", token: "t", __provider: STUB })).toEqual({
      id: "7",
      properties: { name: "a", token: secret("t"), list: [secret(1)], __provider: STUB },
    });
    expect(await provider.read("7", { name: "a", __provider: STUB })).toMatchObject({
      id: "7",
      inputs: { name: "a" },
    });
    expect(await provider.read("gone", { __provider: STUB })).toMatchObject({ id: "", inputs: undefined });
    expect((await provider.update("7", {}, { name: "b", __provider: STUB })).properties["name"]).toBe("b");
    expect(provider.stdout).toBe("creating a in moon\n");
  });

  test("an init failure carries id, properties and reasons; another error carries none", async () => {
    const half = provider.create({ name: "half", __provider: STUB });
    await expect(half).rejects.toMatchObject({
      message: "not finished",
      initFailed: { id: "7", properties: { name: "half", token: secret("t") }, reasons: ["first", "second"] },
    } satisfies Partial<ProviderCallError>);
    await expect(provider.delete("7", { __provider: STUB })).rejects.toMatchObject({
      message: "no permission",
      status: 2,
      initFailed: undefined,
    });
    expect(provider.stderr).toMatch(/no permission/);
  });

  test("what the provider logs to the engine is kept with severity and URN, and a lost engine is noticed", async () => {
    const stub = `
      const { createRequire } = require("module");
      const fromSdk = createRequire(require("fs").realpathSync(require.resolve("@pulumi/pulumi")));
      const grpc = fromSdk("@grpc/grpc-js");
      const { EngineClient } = fromSdk("./proto/engine_grpc_pb.js");
      const { LogRequest } = fromSdk("./proto/engine_pb.js");
      const engine = process.argv.at(-1);
      exports.handler = () => ({
        create: (inputs) => new Promise((resolve, reject) => {
          const line = new LogRequest();
          line.setSeverity(2);
          line.setMessage("mind the " + inputs.name);
          line.setUrn("urn:gap");
          new EngineClient(engine, grpc.credentials.createInsecure()).log(line, (error) => (error ? reject(error) : resolve({ id: "1", outs: {} })));
        }),
        delete: () => new Promise((resolve) => {
          const [host, port] = engine.split(":");
          require("net").connect(Number(port), host).resume().on("close", () => resolve());
        }),
      });`;
    await provider.create({ name: "gap", __provider: stub });
    expect(provider.logs).toEqual([
      { severity: "warning", message: "mind the gap", urn: "urn:gap", ephemeral: false },
    ]);
    const waiting = provider.delete("1", { __provider: stub });
    await provider.check({}, { __provider: stub });
    provider.loseEngine();
    await waiting;
  });

  test("a process that ends is reported with how it ended", async () => {
    const other = await startProviderProcess({ install: "none", engine: false });
    other.signal("SIGTERM");
    expect(await other.exited).toEqual({ code: null, signal: "SIGTERM" });
    await other.dispose();
  });

  test("a process that does not start says why", async () => {
    await expect(startProviderProcess({ install: "none", node: "/bin/false" })).rejects.toThrow(
      /ended with code 1/,
    );
  });
});
