import { accessKeyAuthorization } from "../../provider/zstack/transport/access-key";
import { formatDateHeader, isTimeZone, offsetMinutesAt } from "../../provider/zstack/transport/server-time";
import { sha512Hex } from "../../provider/zstack/transport/session";

test("a signature is the one of the published vector", () => {
  const parts = {
    method: "GET",
    date: "Mon, 25 Dec 2023 14:05:12 CST",
    path: "/v1/sns/application-endpoints/ding-talk",
  };
  expect(accessKeyAuthorization("id", "testSecret0123456789testSecret0123456789", parts)).toBe(
    "ZStack id:OSBDBTgJm4wOfx+/DgQW0gWQ680=",
  );
});

test("every part of a request changes its signature", () => {
  const parts = { method: "GET", date: "Mon, 25 Dec 2023 14:05:12 GMT", path: "/v1/x" };
  const signatures = [
    accessKeyAuthorization("id", "s", parts),
    accessKeyAuthorization("id", "t", parts),
    accessKeyAuthorization("id", "s", { ...parts, method: "PUT" }),
    accessKeyAuthorization("id", "s", { ...parts, date: "Mon, 25 Dec 2023 14:05:13 GMT" }),
    accessKeyAuthorization("id", "s", { ...parts, path: "/v1/y" }),
  ];
  expect(new Set(signatures).size).toBe(signatures.length);
});

const CHRISTMAS = Date.UTC(2023, 11, 25, 6, 5, 12);

test.each<[number, number, string]>([
  [CHRISTMAS, 0, "Mon, 25 Dec 2023 06:05:12 GMT"],
  [CHRISTMAS, 480, "Mon, 25 Dec 2023 14:05:12 +08:00"],
  [CHRISTMAS, 345, "Mon, 25 Dec 2023 11:50:12 +05:45"],
  [CHRISTMAS, -300, "Mon, 25 Dec 2023 01:05:12 -05:00"],
  [CHRISTMAS, -210, "Mon, 25 Dec 2023 02:35:12 -03:30"],
  [CHRISTMAS, -420, "Sun, 24 Dec 2023 23:05:12 -07:00"],
  // The server refuses a day of one digit.
  [Date.UTC(2024, 0, 1, 0, 0, 0), 0, "Mon, 01 Jan 2024 00:00:00 GMT"],
  [Date.UTC(2023, 11, 31, 23, 0, 0), 480, "Mon, 01 Jan 2024 07:00:00 +08:00"],
])("the date of %d at %d minutes is %s", (epochMs, offsetMinutes, text) => {
  expect(formatDateHeader(epochMs, offsetMinutes)).toBe(text);
});

test.each<[string, number, number]>([
  ["Asia/Shanghai", CHRISTMAS, 480],
  ["UTC", CHRISTMAS, 0],
  ["Etc/UTC", CHRISTMAS, 0],
  ["GMT", CHRISTMAS, 0],
  ["Z", CHRISTMAS, 0],
  ["America/New_York", CHRISTMAS, -300],
  ["America/New_York", Date.UTC(2024, 6, 1), -240],
  // The hour in which clocks go forward, to the second.
  ["America/New_York", Date.UTC(2024, 2, 10, 6, 59, 59), -300],
  ["America/New_York", Date.UTC(2024, 2, 10, 7, 0, 0), -240],
  ["Europe/Berlin", Date.UTC(2024, 6, 1), 120],
  ["Asia/Kathmandu", CHRISTMAS, 345],
  ["America/St_Johns", CHRISTMAS, -210],
  ["+08:00", CHRISTMAS, 480],
  ["+0800", CHRISTMAS, 480],
  ["+8", CHRISTMAS, 480],
  ["GMT+8", CHRISTMAS, 480],
  ["UTC+08:00", CHRISTMAS, 480],
  ["-03:30", CHRISTMAS, -210],
])("the zone %s is at %d ahead of UTC by %d minutes", (zone, epochMs, minutes) => {
  expect(isTimeZone(zone)).toBe(true);
  expect(offsetMinutesAt(zone, epochMs)).toBe(minutes);
});

test.each(["Shanghai", "", "+19:00", "+08:60", "Asia/Nowhere", "8", "+08:0", "CSTX"])(
  "%p is no time zone",
  (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  },
);

test("a password is hashed as the server stores it", () => {
  expect(sha512Hex("password")).toBe(
    "b109f3bbbc244eb82441917ed06d618b9008dd09b3befd1b5e07394c706a8bb980b1d7785e5976ec049b46df5f1326af5a2ea6d103fd07c95385ffab0cacbc86",
  );
  expect(sha512Hex("密码")).toMatch(/^[0-9a-f]{128}$/);
});
