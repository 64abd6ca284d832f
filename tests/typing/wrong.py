"""What a type checker must refuse: it complains of every silenced line that it would let pass."""

import pandas as pd

import eventstudy as es

returns = pd.DataFrame({"A": [0.01]})
result = es.run("a.yaml")
es.load(3)  # type: ignore[arg-type]
es.run(returns)  # type: ignore[arg-type]
es.run("a.yaml", True)  # type: ignore[call-arg, arg-type]
es.study(returns)  # type: ignore[call-arg]
es.study([0.1], ["2023-08-28"])  # type: ignore[arg-type]
es.study(returns, ["2023-08-28"], modls="market")  # type: ignore[call-arg]
es.study(returns, ["2023-08-28"], estimation=(-10,))  # type: ignore[arg-type]
es.study(returns, ["2023-08-28"], alternative="larger")  # type: ignore[arg-type]
es.study(returns, [20230828])  # type: ignore[list-item]
es.report(returns)  # type: ignore[arg-type]
result.to_frame(3)  # type: ignore[arg-type]
result.frames = ()  # type: ignore[misc]
result.nothing()  # type: ignore[attr-defined]
nothing = es.nothing  # type: ignore[attr-defined]
es.report(result).save(None)  # type: ignore[arg-type]
