/* Search in pages opened from disk, where browsers start no workers: the script that would be the worker runs in a
   hidden frame, which answers as a worker does. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => setTimeout(() => this.answer(data));
      const script = inside.document.createElement("script");
      script.src = new URL(url, document.baseURI);
      script.onload = () => {
        const waiting = this.waiting;
        this.waiting = null;
        waiting.forEach((data) => inside.onmessage({ data }));
      };
      inside.document.head.append(script);
    }

    answer(data) {
      const message = new MessageEvent("message", { data });
      this.onmessage?.(message);
      this.dispatchEvent(message);
    }

    postMessage(data) {
      if (this.waiting) this.waiting.push(data);
      else setTimeout(() => this.frame.contentWindow?.onmessage({ data }));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
