// Lessons: each chapter of the book has situations that it can set up.
import { useState } from "preact/hooks";
import * as model from "./model.js";
import * as source from "./source.js";
import { LESSONS } from "./lessons.js";

/** Types what a step wants, and runs until what it waits for has happened. */
function perform(step) {
  if (step.boot) source.boot();
  if (step.type) source.type(step.type);
  if (step.choose) {
    const found = model.state.value.processes.find(
      (p) => p.name === step.choose);
    if (found) model.chosen.value = found.index;
  }
  if (step.until) source.runUntil(step.until);
  else if (step.run) source.run();
}

function Lesson({ lesson }) {
  const [at, setAt] = useState(-1);
  const go = (i) => { setAt(i); perform(lesson.steps[i]); };
  return (
    <article>
      <h4>{lesson.chapter}. {lesson.title}</h4>
      <p>{lesson.text}</p>
      <ol>{lesson.steps.map((step, i) =>
        <li key={i} class={i === at ? "chosen" : ""}>
          <button onClick={() => go(i)} disabled={i > at + 1}>{step.name}
          </button>{i <= at ? <p>{step.text}</p> : null}</li>)}</ol>
    </article>
  );
}

export function Lessons() {
  return <div class="scroll lessons">
    {LESSONS.map((lesson) => <Lesson key={lesson.title} lesson={lesson} />)}
  </div>;
}
