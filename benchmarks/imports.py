"""`python -m benchmarks.imports`: benchmarks/bringing.py, which says what it measures. The child process that reads workbooks loads the
module that was started once more, as it does with `python -m bot`: so this one loads nothing."""

if __name__ == "__main__":
    from benchmarks.bringing import main

    main()
