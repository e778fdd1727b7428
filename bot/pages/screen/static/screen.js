// The conference screen stays what it is: regions are replaced as they change, the clock goes on in between.
// What the server sends is HTML that the server has escaped; nothing else becomes markup here.

const REGIONS = ["where", "clock", "item", "written", "known", "following", "chart"];
const AGAIN_MS = 3000;
const main = document.querySelector("main");
const link = document.getElementById("link");
let ahead = Date.parse(main.dataset.now) - Date.now(); // of the server's clock before ours
let ended = false;

function listen() {
  const events = new EventSource(`${location.pathname}/events`);
  events.addEventListener("open", () => { link.textContent = ""; });
  events.addEventListener("regions", (event) => {
    const told = JSON.parse(event.data);
    for (const name of REGIONS) {
      if (name in told) document.getElementById(name).innerHTML = told[name];
    }
    tick();
  });
  events.addEventListener("time", (event) => {
    ahead = Date.parse(JSON.parse(event.data).now) - Date.now();
    link.textContent = "";
    tick();
  });
  events.addEventListener("end", (event) => {
    ended = true;
    events.close();
    for (const name of REGIONS) document.getElementById(name).textContent = "";
    link.textContent = JSON.parse(event.data).says;
  });
  events.addEventListener("error", () => {
    if (ended) return;
    link.textContent = "The connection is lost: what stands here may be old. Trying again …";
    // A browser goes on by itself after a broken connection, and gives up after an answer that is an error.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS);
  });
}

// 8:42 left; 3:10 over.
function words(seconds) {
  const whole = Math.abs(Math.ceil(seconds));
  const said = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds > 0 ? `${said} left` : `${said} over`;
}

function tick() {
  const time = document.querySelector("[data-runs-out]");
  if (!time) return;
  const seconds = (Date.parse(time.dataset.runsOut) - Date.now() - ahead) / 1000;
  time.textContent = words(seconds);
  time.classList.toggle("over", seconds <= 0);
}

setInterval(tick, 500);
tick();
listen();
