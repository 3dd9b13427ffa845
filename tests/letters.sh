# Writes files as EMNIST has them: 260 blank images of letters, to train on and to test with.
# sh letters.sh FOLDER
mkdir -p "$1"
for part in train test; do
  { printf '\000\000\010\003\000\000\001\004\000\000\000\034\000\000\000\034'; head -c 203840 /dev/zero; } \
    >"$1/emnist-letters-$part-images-idx3-ubyte"
  { printf '\000\000\010\001\000\000\001\004'
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      printf '\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020\021\022\023\024\025\026\027\030\031\032'
    done; } >"$1/emnist-letters-$part-labels-idx1-ubyte"
done
