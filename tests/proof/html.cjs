// What html-validate finds in each page: {name: html} in, {name: [findings]} out.
const { FileSystemConfigLoader, HtmlValidate } = require("html-validate");

// Integrity hashes are for files of other sites: here are none.
const off = { "require-sri": "off" };
const rules = { extends: ["html-validate:standard", "html-validate:document"], rules: off, root: true };
const validator = new HtmlValidate(new FileSystemConfigLoader(rules));

async function main(pages) {
  const found = {};
  for (const [name, html] of Object.entries(pages)) {
    const report = await validator.validateString(html);
    found[name] = report.results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${ruleId}, line ${line}: ${message}`),
    );
  }
  process.stdout.write(JSON.stringify(found));
}

let question = "";
process.stdin.on("data", (piece) => (question += piece));
process.stdin.on("end", () => main(JSON.parse(question)));
