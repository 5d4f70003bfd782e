// Where a name from right to left stands among other words without being kept apart from them.
() => {
const turned = /[\u0590-\u08ff]/, found = []
const apart = "bdi, svg, [dir], textarea, option, title, script, .visually-hidden, .button, abbr"
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
while (walker.nextNode()) {
    const node = walker.currentNode, within = node.parentElement
    const words = node.data.replace(/\u2068[^\u2069]*\u2069/g, "")
    if (turned.test(words) && /[A-Za-z]{2}/.test(words) && !within.closest(apart)) {
        found.push(`not kept apart: ${words.trim().slice(0, 60)}`)
    }
}
return [...new Set(found)].slice(0, 6)
}
