// Answers each rule with its dates, as rrule.js counts them; dates are wall-clock times written as UTC.
const { RRule } = require("rrule");

let text = "";
process.stdin.on("data", (part) => { text += part; });
process.stdin.on("end", () => {
  const answers = JSON.parse(text).map((asked) => {
    const options = { freq: RRule[asked.freq], interval: asked.interval, dtstart: new Date(asked.start), wkst: RRule.MO };
    if (asked.weekday !== null) {
      const day = [RRule.MO, RRule.TU, RRule.WE, RRule.TH, RRule.FR, RRule.SA, RRule.SU][asked.weekday];
      options.byweekday = [asked.nth ? day.nth(asked.nth) : day];
    }
    if (asked.monthdays) { options.bymonthday = asked.monthdays; options.bysetpos = [-1]; }
    if (asked.count) options.count = asked.count;
    if (asked.until) options.until = new Date(asked.until);
    const rule = new RRule(options);
    return rule.all((_, index) => index < asked.most).map((date) => date.toISOString().slice(0, 19));
  });
  process.stdout.write(JSON.stringify(answers));
});
