"""SQL for the day on which an obligation `o` was met, and for whether it fell due at all."""

# `met.on_day`: the day from which the next version counts, else the day of the fact that met it, else its end.
MET_ON = """left join lateral (
  select coalesce(n.done_on, o.fact_on, o.ended_on) as on_day from (select) one
  left join obligations n on n.case_id = o.case_id and n.rule = o.rule and n.subject = o.subject
                         and n.version = o.version + 1 and n.end_reason is distinct from 'void'
  where o.end_reason = 'met') met on true"""
# One that moved, or ended otherwise than by being met, on or before its day did not fall due.
FELL_DUE = """(o.ended_on is null or o.end_reason = 'met' or o.ended_on > o.due_on)
              and o.end_reason is distinct from 'void'"""
