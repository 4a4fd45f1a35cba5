import { randomInt } from "node:crypto";
import { Clock } from "./frame/clock";
import { Control } from "./frame/control";
import { Journal } from "./frame/journal";
import { Listener, type ListenOptions } from "./frame/listener";
import { Random } from "./frame/random";
import { ZStackSite, type ZStackHandle, type ZStackOptions } from "./zstack/site";

/** How an emulator starts. */
export interface EmulatorOptions extends ListenOptions {
  /** Credentials and switches of the ZStack management node. */
  readonly zstack?: ZStackOptions;
  /** Seed of ids and shuffles, for repeatable runs; random by default. */
  readonly seed?: number;
  /** Where real time comes from, epoch milliseconds; the system's clock by default. */
  readonly realTime?: () => number;
}

/** A running emulator. */
export interface Emulator {
  /** Value for ZSTACK_ENDPOINT, such as `http://127.0.0.1:43211`. */
  readonly url: string;
  readonly zstack: ZStackHandle;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Empties the stores and restores switches, faults, clock and journal; keeps listening. */
  reset(): void;
  /** Stops listening and ends all connections at once. */
  close(): Promise<void>;
}

/** Starts an emulator on the loopback interface, on a free port unless one is given. */
export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = new Clock(options.realTime);
  const journal = new Journal(clock);
  const random = new Random(options.seed ?? randomInt(2 ** 32));
  const zstack = new ZStackSite(clock, random, options.zstack);
  const reset = (): void => {
    clock.reset();
    zstack.reset();
    journal.reset();
  };
  const control = new Control({ sites: [zstack], journal, clock, reset });
  const listener = await Listener.open(options, {
    sites: [zstack],
    journal,
    control: (request) => control.handle(request, (site) => (site === zstack ? listener.url : "")),
  });
  return {
    url: listener.url,
    zstack: zstack.handleFor(listener.url),
    clock,
    journal,
    reset,
    close: async () => {
      zstack.close();
      await listener.close();
    },
  };
}
