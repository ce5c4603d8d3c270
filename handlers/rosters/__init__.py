"""Who is on duty, said and changed in the chat: 上班 and 下班 (duty.py), 谁值班 (who_is_on.py), leave with a substitute who must agree
(leave.py, leave_consent.py, leave_end.py; leave_plan.py is what is asked for), a swap of shifts (swap.py), empty cells (gaps.py)."""
