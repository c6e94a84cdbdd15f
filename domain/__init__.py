"""What a dispute is, what may happen to it and who decides: pure, no I/O.

The glossary. One word for one thing, in code, documents, messages and answers; the
Chinese word is the one that users see, where they see it.

The case
- dispute (纠纷): a buyer's complaint about one issue of one order line, as the
  aggregate that decides: its state is folded from its events.
- case (案件): the dispute as a reader sees it, with its history and deadlines.
- party (当事人): a side of the case: buyer, seller, or the platform that decides.
- actor (操作人): who did something: a role and a pseudonymous id.
- caller (调用方): the user of a client, who sends a request; as an actor, if it acts.
- reader (查阅人): who reads a case, and sees as much of it as their role may see.
- mediator (客服): a person of the platform who decides cases; a supervisor (主管)
  approves and assigns.
- claim (诉求): what the buyer asks for.
- facts (事实): the complaint's own text. The API's history and the files of an import
  have kept this word for events too.
- phase (阶段): where a case stands, from filed to closed.
- step (环节): a chapter of the standard's flow, and a package here.
- outcome (结案方式): on what ground a case is closed.

Commands and events
- command (指令): what an actor asks for; it may be refused.
- refusal (拒绝): why a command leads to nothing; nothing is recorded then.
- event (事件): something that happened to a dispute, in the past tense, bare.
- recorded event (已记录事件): an event in its envelope: who, when, by which command
  and rules.
- lifecycle (生命周期): the one table of which command is possible when, and for whom.
- decide (决定): a pure function from a command and a dispute to events.
- evolve (演进): a pure function from a dispute and an event to the next dispute.
- action (可用操作): a command that a caller can send on a case now.

Time
- time limit (时限): a length of time that the policy sets, with the clock it runs by.
- deadline (截止时间): a time limit that began to run in a case: who, for what, until
  when.
- awaited (待办事项): what a party has to do, or may do, until a deadline.
- deadline ledger (时限台账): every deadline of a case and what became of it,
  recomputed.
- working day (工作日): a day of the mainland calendar, with its make-up working days.
- edition (版次): which calendar counted: the library's, and the last version of what
  was announced later and added to it.
- pause (暂停计时): deadlines that stand still while the case goes on.
- suspension (中止): the whole case stands still.
- silence (逾期未处理): nobody did what was awaited; the policy says what follows.
- notice (通知): what has to be served on a party; limits begin with its service.

Deciding and performing
- note (内部备注): what staff write down in a case; the parties never see it.
- offer (方案): terms that one party proposes; accepted, they are the settlement (和解).
- evidence (证据): a file of a party, weighed for authenticity, relevance, legality.
- burden of proof (举证责任): who has to prove first, by which rule.
- ruling (裁决): the platform's decision: liability, remedies and reasons.
- remedy (处理结果): what a ruling or an agreement grants, and what is owed from it.
- obligation (履行义务): what one party owes another: a duty, an amount, a deadline.
- default (违约): an obligation that was not performed in time.
- enforcement (强制执行): the platform performs an obligation in default by a method.
- appeal (申诉): a party asks another person to decide again.
- sanction (处罚): a measure against a seller in breach, published.
- standing (信用记录): what counts against a seller now; reversed when the ruling is.

The record
- record (记录): all recorded events, appended once and never changed.
- history (历史): the recorded events of one case, seller or seal, in order.
- version (版本): the number of a recorded event in its history.
- position (序号): the place of an event in the order of all events: 1, 2, 3 ….
- ledger (总账): that order: which event has which position.
- log (透明日志): the Merkle tree over the ledger that regulators can check.
- checkpoint (检查点): the log's signed statement of its size and root.
- witness (见证方): who co-signs a checkpoint that goes on from the last one.
- bundle (证据包): one case in one file, with its proofs, for a check offline.
- seal (封存记录): the access log's length and last hash, recorded as an event.

Rules and reading
- policy profile (规则版本): a versioned file of time limits, silences and amounts.
- regulation (规则): a versioned file of articles that decisions cite, with titles and
  texts in zh and en.
- code (代码): a value from a table with words in zh and en.
- read model (读模型): rows folded from the ledger; rebuilt, they equal those that
  grew.
- view (视图): what a read model answers, and a case as one reader sees it.
- agenda (待办): the deadlines that run and the notices that wait, of all cases.
- data subject (数据主体): a person whose personal texts are sealed under one key.
- erasure (删除): a data subject's key is destroyed: no text of theirs opens again.
- bucket key (分组密钥): wraps the keys of some data subjects; replaced by each erasure
  of one of them, which is final then.
- restriction (限制处理): a data subject's texts are only kept.
- legal hold (依法保全): nothing of a case may be erased while it stands.
- grant (授权): what an auditor or a regulator may read, until when.
"""
