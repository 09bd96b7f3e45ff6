// Lines of log: levels told apart by a mark as well as a colour; a flood is folded to its beginning and its end.
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LogLine } from "./arrange.ts";
import { InlineInspector } from "./inspector.tsx";
import { count } from "./numbers.ts";

/** Up to this many lines are drawn at once; of more, the first and the last are shown until the reader asks for all. */
const foldAbove = 200;
const foldedHead = 60;
const foldedTail = 60;
const scrollAbove = 18;

const levelNames = { log: "", info: "info", debug: "debug", warn: "warning", error: "error" } as const;

export function LogView({ lines }: { lines: LogLine[] }): JSX.Element {
  const [all, setAll] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const followsEnd = useRef(true);
  const folded = !all && lines.length > foldAbove;
  const hidden = lines.length - foldedHead - foldedTail;
  const scrolls = lines.length > scrollAbove;

  useLayoutEffect(() => {
    const element = box.current;
    if (element && scrolls && followsEnd.current) element.scrollTop = element.scrollHeight;
  }, [lines, scrolls]);

  return (
    <div
      ref={box}
      class={scrolls ? "log log-scrolls" : "log"}
      role="group"
      aria-label="Log"
      {...(scrolls ? { tabIndex: 0 } : {})}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        followsEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {folded ? (
        <>
          <Lines lines={lines.slice(0, foldedHead)} />
          <button type="button" class="log-fold" onClick={() => setAll(true)}>
            Show {count(hidden, "more line")}
          </button>
          <Lines lines={lines.slice(-foldedTail)} />
        </>
      ) : (
        <Lines lines={lines} />
      )}
    </div>
  );
}

function Lines({ lines }: { lines: LogLine[] }): JSX.Element {
  return (
    <>
      {lines.map((line, index) => (
        <div key={index} class={`log-line log-${line.level}`}>
          {levelNames[line.level] !== "" && <span class="log-level">{levelNames[line.level]}</span>}
          <span class="log-text">
            {line.parts.map((part, position) => (
              <span key={position} class="log-part">
                <InlineInspector value={part} />
              </span>
            ))}
          </span>
          {line.times > 1 && (
            <span class="log-times" title={`This line came ${line.times} times in a row`}>
              <span aria-hidden="true">×</span>
              {line.times}
              <span class="visually-hidden"> times</span>
            </span>
          )}
        </div>
      ))}
    </>
  );
}
