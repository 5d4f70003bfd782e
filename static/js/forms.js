// Comforts for who writes something down. Every page works without this file.

function copyButtons() {
  // A browser lets nothing be copied on a page that came over plain http.
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      button.textContent = "Copied";
      document.dispatchEvent(new CustomEvent("said", { detail: "Copied" }));
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
}

// Where the phone can share, the mail goes to whichever program its owner likes.
function shareButtons() {
  if (!navigator.share) return;
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const [title, text] = button.dataset.share.split(" ").map((id) => document.getElementById(id).value);
      // Whoever closes the phone's list has changed their mind: nothing to say.
      await navigator.share({ title, text }).catch(() => {});
    });
  }
}

// The link into a mail program follows what is typed; without a script it holds what was saved.
function liveMailto() {
  const link = document.querySelector("[data-mailto]");
  if (!link) return;
  const [subject, text] = link.dataset.mailto.split(" ").map((id) => document.getElementById(id));
  const [address] = link.getAttribute("href").split("?");
  const encoded = (words) => encodeURIComponent(words).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const follow = () => {
    link.href = `${address}?subject=${encoded(subject.value)}&body=${encoded(text.value.replace(/\r?\n/g, "\r\n"))}`;
  };
  for (const field of [subject, text]) field.addEventListener("input", follow);
}

function zonePreset() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of document.querySelectorAll("[data-preset-zone]")) {
    const known = !field.options || [...field.options].some((option) => option.value === zone);
    if (!field.value && zone && known) field.value = zone;
  }
}

// The dates of a rhythm follow what is typed; the Preview button does the same without a script.
function livePreview() {
  const form = document.querySelector("form[data-preview]");
  const region = document.querySelector("[data-preview-of]");
  if (!form || !region) return;
  let waiting;
  let asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (!answer.ok) return;
    region.innerHTML = await answer.text();
    standBeside(form, region.querySelectorAll("[data-about]"));
    form.querySelector("[data-offer]").replaceChildren(...region.querySelectorAll("[data-start]"));
    const first = region.querySelector("[data-first]");
    form.querySelector("[data-first-of]").textContent = first.textContent;
    first.remove();
  };
  const quietly = () => ask().catch(() => {});
  form.querySelector("[name=preview]").hidden = true;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(quietly, 300); });
  form.addEventListener("click", (event) => {
    const offered = event.target.closest("[data-start]");
    if (!offered) return;
    event.preventDefault();
    form.elements.starts_on.value = offered.value;
    form.elements.starts_on.focus();
    quietly();
  });
}

// Every fault stands beside its field, those that were mended leave; the focus stays where it is.
function standBeside(form, faults) {
  document.querySelector(".faults")?.remove();
  for (const old of form.querySelectorAll(".error")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const { dataset, textContent } of faults) putError(dataset.about, textContent);
}

function putError(name, sentence) {
  const field = document.getElementById(name);
  if (!field) return;
  const error = document.createElement("p");
  error.className = "error";
  error.id = `${name}-error`;
  error.textContent = sentence;
  field.closest(".field").append(error);
  if (field.tagName !== "FIELDSET") field.setAttribute("aria-invalid", "true");
  const told = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)).add(error.id);
  field.setAttribute("aria-describedby", [...told].join(" "));
}

// How long is left of a quarter of an hour: calm words, once a minute. The server keeps the time.
function calmClock() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const ends = new Date(clock.dataset.clock);
  const tell = () => {
    const left = Math.round((ends - Date.now()) / 60000);
    clock.textContent = left > 0 ? `About ${left === 1 ? "one minute" : `${left} minutes`} left` : "Your quarter of an hour is over; finish this one in peace";
  };
  tell();
  setInterval(tell, 30000);
}

for (const comfort of [copyButtons, livePreview, shareButtons, liveMailto, zonePreset, calmClock]) comfort();
