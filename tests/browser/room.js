// Where a page as it stands has not room enough: a list of words, at most six.
() => {
const lacks = [], root = document.documentElement
const named = node => node.tagName.toLowerCase() + [...node.classList].map(name => "." + name).join("")
const unseen = node => node.closest(".visually-hidden, .word, .skip, .rest, textarea, select, option, [aria-hidden=true] .axis")
    || !node.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
if (root.scrollWidth > root.clientWidth) lacks.push(`it scrolls sideways: ${root.scrollWidth}`)
for (const node of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(node)
    if (node instanceof SVGElement || style.display === "inline" || unseen(node) || node.tagName === "INPUT") continue
    const scrolls = axis => ["auto", "scroll"].includes(axis), ends = style.textOverflow === "ellipsis"
    const clips = style.overflowX !== "visible" || [...node.childNodes].some(one => one.nodeType === 3 && one.data.trim())
    if (clips && !scrolls(style.overflowX) && !ends && node.clientWidth && node.scrollWidth > node.clientWidth + 1)
        lacks.push(`wider than its place: ${named(node)}`)
    if (style.overflowY === "hidden" && node.scrollHeight > node.clientHeight + 2)
        lacks.push(`cut at its foot: ${named(node)}`)
}
const words = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
while (walker.nextNode()) {
    const node = walker.currentNode, within = node.parentElement
    if (!node.data.trim() || unseen(within) || within.closest(".scroll, .stay, .numbers")) continue
    const range = document.createRange(); range.selectNodeContents(node)
    for (const box of range.getClientRects()) if (box.width > 1) words.push({box, node, text: node.data.trim()})
}
words.sort((one, other) => one.box.top - other.box.top)
words.forEach((one, at) => { for (const other of words.slice(at + 1)) {
    if (other.box.top > one.box.bottom) break
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
    const least = Math.min(one.box.height, other.box.height)
    if (one.node !== other.node && wide > 2 && high > least * .45)
        lacks.push(`on top of each other: ${one.text.slice(0, 30)} / ${other.text.slice(0, 30)}`)
} })
return [...new Set(lacks)].slice(0, 6)
}
