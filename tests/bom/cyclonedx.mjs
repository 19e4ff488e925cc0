// Judges a CycloneDX document by the strict validator of CycloneDX's own JavaScript library: null is no fault.
// Usage: node cyclonedx.mjs NODE_FOLDER VERSION < DOCUMENT
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

const [folder, version] = process.argv.slice(2);
const { Spec, Validation } = createRequire(join(resolve(folder), "package.json"))("@cyclonedx/cyclonedx-library");
const validator = new Validation.JsonStrictValidator(Spec.Version[`v${version.replace(".", "dot")}`]);
process.stdout.write(JSON.stringify(await validator.validate(await text(process.stdin))));
