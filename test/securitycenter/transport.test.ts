import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { start, type Emulator } from "../../emulator";
import { redact } from "../../provider/core/redact";
import { createAuthority } from "../support/certificates";
import { startForwardProxy } from "../support/forward-proxy";
import { closedPort } from "../support/local-server";
import { benchFor, creates, failureOf, inputsOf, WEBHOOK } from "../support/securitycenter";

const TOKEN = new URL(WEBHOOK).searchParams.get("access_token") ?? "";

describe("over the loopback interface", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await start({ seed: 6 });
  });
  afterEach(() => emulator.close());

  test("a request of its own is verified by the other side, whatever characters it holds", async () => {
    const bench = benchFor(emulator, "international");
    const name = "sec alerts (prod)!*'~ + 告警😀 %2B&=";
    const { id } = await bench.create(
      inputsOf({ name, alertRules: [{ type: "hc", conditions: { "a+b": ["c d", "100%", "é&=?#"] } }] }),
    );
    expect(bench.site.robots.row(id)).toMatchObject({ actionName: name });
    expect(emulator.journal.entries.every((entry) => entry.details?.["signatureVersion"] === "V3")).toBe(
      true,
    );
    await bench.connection.close();
  });

  test("requests go through a proxy, absolute and signed for the service", async () => {
    const proxy = await startForwardProxy({ credentials: "user:pass" });
    const bench = benchFor(emulator, "china", {
      transport: { requestTimeoutMs: 10_000, proxy: proxy.url.replace("//", "//user:pass@") },
    });
    await bench.create(inputsOf());
    expect(proxy.forwarded.length).toBe(emulator.journal.count());
    expect(proxy.forwarded.every((url) => url.startsWith(emulator.securitycenter.china.url))).toBe(true);
    await bench.connection.close();
    await proxy.close();
  });

  test("a list that is not answered in time is asked for again, a create is not", async () => {
    const bench = benchFor(emulator, "china", { transport: { requestTimeoutMs: 250 } });
    bench.site.faults.add({ operation: "DescribeDingTalk", fault: { kind: "slow" } });
    bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", fault: { kind: "slow", committed: true } });
    const { id } = await bench.create(inputsOf());
    expect(id).toBe("1001");
    expect(creates(emulator)).toBe(1);
    await bench.connection.close();
  });

  test("keys of somebody else are named, their secret and the webhook never", async () => {
    const { accessKeyId } = emulator.securitycenter;
    const bench = benchFor(emulator, "china", {
      credentials: { kind: "keys", keys: { accessKeyId, accessKeySecret: "wrongSecret" } },
    });
    const failure = await failureOf(
      bench.connection.client.call({
        action: "CreateOrUpdateDingTalk",
        parameters: { RuleActionName: "x", SendUrl: WEBHOOK },
        changes: true,
      }),
    );
    expect(failure).toMatchObject({ apiCode: "SignatureDoesNotMatch" });
    expect(redact(failure.message)).not.toContain(TOKEN);
    expect(failure.message).not.toContain("wrongSecret");
    expect(emulator.journal.count()).toBe(1);
    await bench.connection.close();
  });

  test("an address where nobody listens is named without the query", async () => {
    const port = await closedPort();
    const bench = benchFor(emulator, "china", { endpoint: `http://127.0.0.1:${port}` });
    const failure = await failureOf(
      bench.connection.client.call({
        action: "CreateOrUpdateDingTalk",
        parameters: { RuleActionName: "x", SendUrl: WEBHOOK },
        changes: true,
      }),
    );
    expect(failure).toMatchObject({ name: "NetworkError", outcome: "not-executed" });
    expect(failure.message).toContain(`http://127.0.0.1:${port}`);
    expect(failure.message).not.toContain(TOKEN);
    // Provably never delivered, so it was tried again, with pauses that nobody waited for here.
    expect(bench.clock.slept.filter((ms) => ms > 200).length).toBe(4);
    await bench.connection.close();
  });

  test("an address that answers like something else is named", async () => {
    const bench = benchFor(emulator, "china", { endpoint: emulator.url });
    const failure = await failureOf(bench.read("1001"));
    expect(failure.name).toBe("ReplyShapeError");
    expect(failure.message).toContain(`${emulator.url} does not answer like Alibaba Cloud.`);
    await bench.connection.close();
  });
});

describe("over TLS", () => {
  test("an authority of one's own is believed when its certificate is given, and only then", async () => {
    const authority = createAuthority();
    const emulator = await start({ seed: 7, tls: authority.issue(["127.0.0.1", "localhost"]) });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "securitycenter-ca-"));
    const caFile = path.join(folder, "ca.pem");
    fs.writeFileSync(caFile, authority.cert);

    const stranger = benchFor(emulator);
    const failure = await failureOf(stranger.read("1001"));
    expect(failure).toMatchObject({ name: "NetworkError", outcome: "not-executed" });

    const friend = benchFor(emulator, "china", { transport: { requestTimeoutMs: 10_000, caFile } });
    await friend.create(inputsOf());
    expect(emulator.securitycenter.china.url).toMatch(/^https:/);
    expect(friend.site.robots.size).toBe(1);

    await stranger.connection.close();
    await friend.connection.close();
    await emulator.close();
    fs.rmSync(folder, { recursive: true });
  });
});
