import { endpointProblem } from "../../provider/core/transport/address";

const problemOf = (given: string): string | undefined =>
  endpointProblem(given, "http://10.0.0.5:8080", { path: true });

test.each([
  "http://10.0.0.5:8080",
  "HTTPS://Host.Example:8080/zstack/",
  "http://host.example.",
  "http://node_1:8080",
  "http://[fe80::1]:8080",
  "http://[FE80:0::0001]",
  "http://[::ffff:10.0.0.5]",
  "http://10.0.0.5.nip.io",
  "http://监控.example.com:8080",
  "http://データ.example",
  "http://서버.example",
  "http://Bücher.example",
  "http://xn--pple-43d.com",
])("the address %s is the one that is used", (given) => {
  expect(problemOf(given)).toBeUndefined();
});

const FOUR = "write the address as four decimal numbers without leading zeros, such as 10.0.0.5";
const AS_MEANT = "write it in this form, so that no letter can be taken for another";

test.each([
  ["http://010.0.0.5:8080", "8.0.0.5"],
  ["http://010.001.000.020:8080", "8.1.0.16"],
  ["http://10.0.0.05", "10.0.0.5"],
  ["http://0x0a.0.0.5", "10.0.0.5"],
  ["http://10.5", "10.0.0.5"],
  ["http://10.1.5", "10.1.0.5"],
  ["http://167772165/zstack", "10.0.0.5"],
  ["http://0xA000005", "10.0.0.5"],
  ["http://10.0.0.5.", "10.0.0.5"],
  ["http://１０.0.0.5", "10.0.0.5"],
  ["http://10。0。0。5", "10.0.0.5"],
  ["http://%31%30.0.0.5", "10.0.0.5"],
  ["http://0/", "0.0.0.0"],
])("the address %s is refused, because it means %s", (given, meant) => {
  expect(problemOf(given)).toBe(`holds an address that means ${meant}: ${FOUR}`);
});

test.each([
  ["http://ｅxample.com", "example.com"],
  ["http://exa%6Dple.com", "example.com"],
  ["http://exam\u00adple.com", "example.com"],
  ["http://аpple.com", "xn--pple-43d.com"],
  ["http://сосо.com", "xn--n1aahb.com"],
  ["http://gοοgle.com", "xn--ggle-0nda.com"],
  ["http://ɡoogle.com", "xn--oogle-qmc.com"],
  ["http:///host.example", "host.example"],
])("the name in %s is refused, because it means %s", (given, meant) => {
  expect(problemOf(given)).toBe(`holds a host name that means ${meant}: ${AS_MEANT}`);
});

test.each<[string, string]>([
  ["10.0.0.5:8080", "must be a URL with its scheme, such as http://10.0.0.5:8080"],
  ["ftp://h", "must be a URL with its scheme, such as http://10.0.0.5:8080"],
  ["http://", "is not a valid URL"],
  ["http://h:99999", "is not a valid URL"],
  ["http://h\\@evil.example", "is not a valid URL"],
  ["http://10.0.\n0.5", "is not a valid URL"],
  ["http://u:p@h", "must hold scheme, host, port and path only; credentials have settings of their own"],
  ["http://h/?x=1", "must hold scheme, host, port and path only; credentials have settings of their own"],
])("%j is no address of a service", (given, problem) => {
  expect(problemOf(given)).toBe(problem);
});
