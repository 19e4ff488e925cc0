// Opens a report in a real browser and tells what happened there, as JSON on standard output.
// Usage: node page.mjs NODE_FOLDER CHROMIUM REPORT.html OUTPUT_FOLDER
import { createRequire } from "node:module";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [nodeFolder, chromium, report, output] = process.argv.slice(2);
const require = createRequire(join(resolve(nodeFolder), "package.json"));
const puppeteer = require("puppeteer-core");
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
const profile = await mkdtemp(join(tmpdir(), "weighbridge-browser-"));

const browser = await puppeteer.launch({
  executablePath: chromium,
  userDataDir: profile,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const said = { requests: [], errors: [], dialogs: [], violations: {}, sizes: {} };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 1600 });
  page.on("request", (request) => said.requests.push(request.url()));
  page.on("pageerror", (error) => said.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && said.errors.push(message.text()));
  page.on("dialog", (dialog) => { said.dialogs.push(dialog.message()); dialog.dismiss(); });
  const address = pathToFileURL(resolve(report)).href;
  for (const theme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.goto(address, { waitUntil: "load" });
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    await page.setBypassCSP(true); // for axe alone, which the page's own policy would keep out
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    said.violations[theme] = found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
    await page.setBypassCSP(false);
    await page.screenshot({ path: join(output, `${theme}.png`) });
    said.sizes[theme] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  }
  await page.goto(address, { waitUntil: "load" });
  const column = (number) => page.$$eval("table[data-sortable] tbody tr:not([hidden])", (rows, at) =>
    rows.map((row) => row.cells[at].textContent.trim()), number);
  said.before = await column(1);
  const head = "table[data-sortable] th:nth-child(2) button";
  await page.focus(head);
  await page.keyboard.press("Enter");
  said.sortedUp = await column(1);
  said.ariaSort = await page.$eval("table[data-sortable] th:nth-child(2)", (cell) => cell.getAttribute("aria-sort"));
  await page.keyboard.press("Enter");
  said.sortedDown = await column(1);
  await page.select(".tools select", "fail");
  said.onlyFails = [...new Set(await column(2))];
  said.count = await page.$eval(".tools output", (output) => output.textContent);
  await page.select(".tools select", "all");
  await page.type(".tools input", "license-allowed");
  said.filtered = [...new Set(await column(1))];
  const pdf = join(output, "report.pdf");
  await page.pdf({ path: pdf, format: "A4" });
  said.pdfBytes = (await stat(pdf)).size;
  said.pdfBegins = (await readFile(pdf)).subarray(0, 5).toString("latin1");
  const plain = await browser.newPage();
  await plain.setJavaScriptEnabled(false);
  await plain.goto(address, { waitUntil: "load" });
  said.toolsWithoutScript = (await plain.$$(".tools")).length;
  said.rowsWithoutScript = (await plain.$$("table[data-sortable] tbody tr")).length;
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(said));
