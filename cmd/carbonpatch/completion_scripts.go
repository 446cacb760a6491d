package main

// The scripts know nothing of verbs and flags: they ask the program, with the line as far as the cursor; [completeVerb] says what it
// answers. That is data to them: nothing of it is evaluated.

// bashCompletion needs nothing but bash, not the bash-completion package. Files are left to readline, which knows about quotes.
const bashCompletion = `# bash completion for carbonpatch
_carbonpatch() {
    local answers program=${BASH_ALIASES[$1]:-$1}
    COMPREPLY=()
    if [[ $3 == [\<\>]* ]]; then # what follows is a file to the shell
        compopt -o default
        return
    fi
    mapfile -t answers < <("${program/#\~\//$HOME/}" complete "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    case ${answers[0]} in
    files) compopt -o default ;;
    folders) compopt -o plusdirs ;;
    esac 2>/dev/null
    COMPREPLY=("${answers[@]:1}")
    COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
    [[ ${COMPREPLY[0]} != *[=:./] ]] || compopt -o nospace 2>/dev/null
}
complete -F _carbonpatch carbonpatch
`

const zshCompletion = `#compdef carbonpatch
_carbonpatch() {
  local -a answers whole open
  local answer word
  answers=("${(@f)$("${${(Q)words[1]}/#\~\//$HOME/}" complete "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null)}")
  for answer in "${(@)answers[2,-1]}"; do
    word=${answer%%$'\t'*}
    answer=${word//:/\\:}:${answer#*$'\t'}
    if [[ $word == *[=:./] ]]; then open+=("$answer"); else whole+=("$answer"); fi
  done
  _describe answer whole -- open -S ''
  [[ $PREFIX != --*=* ]] || compset -P 1 '*='
  case $answers[1] in
  files) _files ;;
  folders) _path_files -/ ;;
  esac
}
if [[ $funcstack[1] == _carbonpatch ]]; then
  _carbonpatch "$@"
else
  compdef _carbonpatch carbonpatch
fi
`

const fishCompletion = `# fish completion for carbonpatch
function __carbonpatch_answers
    set -l program (commandline -opc | string replace -r '^~/' $HOME/)[1]
    command -q $program; or return
    set -l answers (command $program complete (commandline -cp | string collect) 2>/dev/null)
    set -l token (commandline -ct)
    set -l flag (string match -r -- '^--[^=]*=' $token; or echo)
    set -l path (string replace -- "$flag" '' $token)
    string join -- \n $answers[2..-1]
    # What no program is called is completed with files; fish knows about quotes, tildes and variables there.
    switch "$answers[1]"
        case files
            string join -- \n $flag(complete -C "'' $path")
        case folders
            string join -- \n $flag(complete -C "'' $path" | string match '*/')
    end
end
complete -c carbonpatch -f -a '(__carbonpatch_answers)'
`
