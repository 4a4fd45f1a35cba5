import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Lifeline } from "../../provider/pulumi/process/lifeline";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const STREAMS = [process.stdout, process.stderr];

let exits: (number | string | null | undefined)[];
let exited: Promise<void>;

beforeEach(() => {
  exits = [];
  exited = new Promise((resolve) => {
    jest.spyOn(process, "exit").mockImplementation((code) => {
      exits.push(code);
      resolve();
      return undefined as never;
    });
  });
});
afterEach(() => jest.restoreAllMocks());

function lifeline(onEnd: () => Promise<void> = async () => undefined): Lifeline {
  return new Lifeline(onEnd);
}

/** Watches, and takes the handlers away again that would outlive the test. */
function watched(address: string | undefined, line = lifeline()): { line: Lifeline; unwatch(): void } {
  const targets: NodeJS.EventEmitter[] = [...STREAMS, process];
  const before = new Map(targets.map((target) => [target, allListeners(target)]));
  line.watch(address);
  const unwatch = (): void => {
    for (const [target, known] of before) {
      for (const [event, listener] of allListeners(target)) {
        if (!known.some(([, old]) => old === listener)) {
          target.removeListener(event, listener);
        }
      }
    }
  };
  return { line, unwatch };
}

type Listener = (...args: unknown[]) => void;
function allListeners(target: NodeJS.EventEmitter): [string, Listener][] {
  return ["error", ...SIGNALS].flatMap((event) =>
    target.listeners(event).map((listener): [string, Listener] => [event, listener as Listener]),
  );
}

describe("the end", () => {
  test("stops new work, waits for what is under way, gives back, and exits", async () => {
    const steps: string[] = [];
    const line = lifeline(async () => void steps.push("given back"));
    let finish = (): void => undefined;
    const work = line.run(
      () =>
        new Promise<void>((resolve) => {
          finish = () => {
            steps.push("work done");
            resolve();
          };
        }),
    );
    const ended = line.end(3);
    expect(line.signal.aborted).toBe(true);
    await expect(line.run(async () => 1)).rejects.toMatchObject({
      name: "NetworkError",
      code: "ABORTED",
      message:
        "Pulumi ended before the operation did.\nRun the command again: it looks for what may have been done before it does anything.",
    });
    expect(exits).toEqual([]);
    finish();
    await work;
    await ended;
    expect(steps).toEqual(["work done", "given back"]);
    expect(exits).toEqual([3]);
  });

  test("comes once, whoever asks for it", async () => {
    const onEnd = jest.fn(async () => undefined);
    const line = lifeline(onEnd);
    await Promise.all([line.end(0), line.end(1)]);
    expect(exits).toEqual([0]);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  test("comes also when giving back fails", async () => {
    await lifeline(() => Promise.reject(new Error("no logout"))).end(0);
    expect(exits).toEqual([0]);
  });

  test("comes also when an operation never ends", async () => {
    jest.useFakeTimers();
    try {
      const line = lifeline();
      void line.run(() => new Promise(() => undefined));
      const ended = line.end(1);
      await jest.advanceTimersByTimeAsync(4_000);
      await ended;
      expect(exits).toEqual([1]);
    } finally {
      jest.useRealTimers();
    }
  });

  test.each([
    ["an engine that asks for it kills the process soon after", () => process.emit("SIGINT"), []],
    [
      "an engine that is gone kills nobody",
      () => process.stdout.emit("error", new Error("EPIPE")),
      ["given back"],
    ],
  ])("gives a slow logout as much time as there is: %s", async (_name, comes, expected) => {
    jest.useFakeTimers();
    const steps: string[] = [];
    const line = lifeline(async () => {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      steps.push("given back");
    });
    const { unwatch } = watched(undefined, line);
    try {
      comes();
      await jest.advanceTimersByTimeAsync(4_900);
      expect(exits).toHaveLength(1 - expected.length);
      await jest.advanceTimersByTimeAsync(1_100);
      expect(exits).toHaveLength(1);
      if (expected.length > 0) {
        expect(steps).toEqual(expected);
      }
    } finally {
      unwatch();
      jest.useRealTimers();
    }
  });

  test("does not wait for what failed before", async () => {
    const line = lifeline();
    await expect(line.run(() => Promise.reject(new Error("x")))).rejects.toThrow("x");
    expect(await line.run(async () => 7)).toBe(7);
    await line.end(0);
    expect(exits).toEqual([0]);
  });
});

describe("the end is told by", () => {
  test.each(SIGNALS)("%s", async (signal) => {
    const { unwatch } = watched(undefined);
    process.emit(signal);
    unwatch();
    await exited;
    expect(exits).toEqual([0]);
  });

  test.each([0, 1])("a broken stream (%d)", async (index) => {
    const { unwatch } = watched(undefined);
    STREAMS[index]?.emit("error", new Error("EPIPE"));
    unwatch();
    await exited;
    expect(exits).toEqual([1]);
  });

  test("an engine that was there and cannot be reached again; a connection that was merely closed is made again", async () => {
    const connections: Socket[] = [];
    let onConnection = (): void => undefined;
    const next = () => new Promise<void>((resolve) => (onConnection = resolve));
    const engine = createServer((socket) => {
      connections.push(socket);
      onConnection();
    });
    const { port } = await listening(engine);

    let connected = next();
    const { line, unwatch } = watched(`127.0.0.1:${port}`);
    await connected;
    for (let i = 0; i < 2; i++) {
      connected = next();
      connections.at(-1)?.destroy();
      await connected;
    }
    expect(connections).toHaveLength(3);
    expect([line.signal.aborted, exits]).toEqual([false, []]);

    const closed = new Promise((resolve) => engine.close(resolve));
    connections.at(-1)?.destroy();
    await closed;
    await exited;
    unwatch();
    expect(exits).toEqual([1]);
    expect(line.signal.aborted).toBe(true);
  });

  test("nothing, where the engine could never be reached: the watch itself may be what does not work", async () => {
    const engine = createServer();
    const { port } = await listening(engine);
    await new Promise((resolve) => engine.close(resolve));
    const { line, unwatch } = watched(`127.0.0.1:${port}`);
    // A connection of our own to the same port is refused after that of the watch.
    await new Promise<void>((resolve) => {
      connect(port, "127.0.0.1")
        .on("error", () => undefined)
        .on("close", () => resolve());
    });
    unwatch();
    expect([line.signal.aborted, exits]).toEqual([false, []]);
  });

  test.each([undefined, "", "no port", "host:"])("nothing, where the address is %p", (address) => {
    const { line, unwatch } = watched(address);
    unwatch();
    expect(line.signal.aborted).toBe(false);
  });
});

async function listening(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address() as AddressInfo;
}
